package graph

import (
	"bytes"
	"errors"
	"io"
	"m365lake/graph/auth"
	"m365lake/graph/wire"
	"math/rand/v2"
	"net/http"
	"net/url"
)

// retry repeats a request that was throttled or met a passing fault. When it gives up it returns
// the last answer, whole, for the caller to make an error of; when no answer ever came, an
// UnreachableError.
type retry struct {
	next     http.RoundTripper
	patience wire.Patience
	scope    func(*url.URL) string
	pauses   *pauses
	counts   *counters
	announce func(wire.Wait)
	opaque   bool // bodies are not read: a storage host may repeat a signature in them
}

func (r *retry) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, path, scope := req.Context(), pathOf(req), r.scope(req.URL)
	if ctx.Err() != nil {
		return nil, wire.Stopped(ctx, path)
	}
	resp, err := wire.Repeat(ctx, r.patience, path, func(wait wire.Wait) {
		if wait.Status == http.StatusTooManyRequests {
			r.pauses.hold(scope, wait.Delay)
		}
		r.counts.retries.Add(1)
		r.announce(wait)
	}, func() (*http.Response, error) { return r.try(req, scope, path) })
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, wire.Stopped(ctx, path)
	case resp != nil:
		return resp, nil // also the last one that was refused
	}
	return nil, err
}

// try sends the request once. Its error is a *PassingError where sending it again can help; with the
// status of an answer, that answer is returned too.
func (r *retry) try(req *http.Request, scope, path string) (*http.Response, error) {
	ctx := req.Context()
	for d := r.pauses.left(scope); d > 0; d = r.pauses.left(scope) {
		if waitsNot(ctx) && d > longestWaitOfNone {
			return nil, &NoRoomError{Path: path, Delay: d}
		}
		d += rand.N(d/10 + 1) // so that those who waited do not come together
		r.announce(
			wire.Wait{Path: path, Status: http.StatusTooManyRequests, Delay: d, Reason: "another request was throttled"},
		)
		if err := r.patience.Clock.Sleep(ctx, d); err != nil {
			return nil, err
		}
	}
	out, err := wire.Repeatable(req)
	if err != nil {
		return nil, err
	}
	resp, err := r.next.RoundTrip(out)
	if err != nil {
		return nil, noAnswer(req, path, err)
	}
	if !mayPass(resp.StatusCode) {
		return resp, nil
	}
	body := wire.ReadError(resp)
	if r.opaque {
		body = nil
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	failure := responseError(resp, path, body, r.patience.Clock.Now())
	if !failure.passing(safe(req)) {
		return resp, nil
	}
	if waitsNot(ctx) && failure.Throttled() && failure.RetryAfter > longestWaitOfNone {
		return resp, nil // the answer stands
	}
	return resp, &wire.PassingError{
		Status:     resp.StatusCode,
		Reason:     failure.brief(),
		RetryAfter: failure.RetryAfter,
		Err:        failure,
	}
}

// noAnswer classifies the error of a request without answer.
func noAnswer(req *http.Request, path string, err error) error {
	var token *auth.TokenError
	var host *wire.UnreachableError
	switch {
	case req.Context().Err() != nil, errors.As(err, &token), errors.As(err, &host), errors.As(err, new(*NoRoomError)):
		return err // tokens have been retried already
	case !safe(req) || wire.Lasting(err):
		return wire.Unreachable(req.URL, path, err)
	}
	return &wire.PassingError{Reason: wire.WithoutAddress(req.URL, err).Error(), Err: wire.Unreachable(req.URL, path, err)}
}

// safe reports whether sending req twice does no more than sending it once: it only reads.
func safe(req *http.Request) bool {
	return req.Method == http.MethodGet || req.Method == http.MethodHead || req.Context().Value(readsKey{}) != nil
}

// readsKey marks the context of a POST that only reads, such as a batch of GETs.
type readsKey struct{}

// mayPass reports whether an answer of this status can be worth another try; its body decides.
func mayPass(status int) bool {
	switch status {
	case http.StatusForbidden, http.StatusLocked, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
		statusBandwidthExceeded:
		return true
	}
	return false
}

// statusBandwidthExceeded is Graph's 509.
// Source: https://learn.microsoft.com/graph/errors
const statusBandwidthExceeded = 509

// passing reports whether the same request can succeed a little later.
//
// 429, and 503 with Retry-After, say that the request was not carried out; only these are repeated
// for a request that changes something. Of the 403s only MissingCredentials passes: the report
// service answered it to good tokens for days in March 2023 (msgraph-sdk-dotnet issue 1751).
func (e *Error) passing(safe bool) bool {
	switch {
	case e.Status == http.StatusTooManyRequests, e.Status == http.StatusServiceUnavailable && e.RetryAfter > 0:
		return true
	case !safe:
		return false
	case e.Status == http.StatusForbidden:
		return e.hasCode(codeMissingCredentials)
	}
	return mayPass(e.Status)
}
