package graph

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// retry repeats a request that was throttled or met a passing fault. When it gives up it returns
// the last answer, whole, for the caller to make an error of; when no answer ever came, an
// UnreachableError.
type retry struct {
	next     http.RoundTripper
	maxTries uint
	maxWait  time.Duration // all waits of one request together
	base     time.Duration // the first wait when the server names none
	scope    func(*url.URL) string
	pauses   *pauses
	waits    waits
	opaque   bool // bodies are not read: a storage host may repeat a signature in them
}

// refused is an answer, or the lack of one, after which the request may be sent again.
type refused struct {
	status int // 0: no answer came
	reason string
	err    error
}

func (r *refused) Error() string { return r.reason }
func (r *refused) Unwrap() error { return r.err }

func (r *retry) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, path, scope := req.Context(), pathOf(req), r.scope(req.URL)
	if ctx.Err() != nil {
		return nil, stopped(ctx, path)
	}
	pace := newPace(r.base, r.maxWait)
	resp, err := backoff.Retry(ctx,
		func() (*http.Response, error) { return r.try(req, scope, path, pace) },
		backoff.WithBackOff(pace),
		backoff.WithMaxTries(r.maxTries),
		backoff.WithMaxElapsedTime(0), // the pace bounds the waits; a slow answer is no wait
		backoff.WithNotify(func(err error, d time.Duration) {
			wait := Wait{Path: path, Delay: d, Reason: err.Error()}
			if again := (*refused)(nil); errors.As(err, &again) {
				wait.Status = again.status
			}
			if wait.Status == http.StatusTooManyRequests {
				r.pauses.hold(scope, d)
			}
			r.waits.counts.retries.Add(1)
			r.waits.announce(wait)
		}))
	var again *refused
	switch {
	case err == nil:
		return resp, nil
	case ctx.Err() != nil:
		return nil, stopped(ctx, path)
	case errors.As(err, &again) && again.status != 0:
		return resp, nil // the last answer
	case errors.As(err, &again):
		return nil, unreachable(req.URL, path, again.err)
	}
	return nil, unwrapPermanent(err)
}

// try sends the request once.
func (r *retry) try(req *http.Request, scope, path string, pace *pace) (*http.Response, error) {
	ctx := req.Context()
	for d := r.pauses.left(scope); d > 0; d = r.pauses.left(scope) {
		if impatient(ctx) && d > longestImpatience {
			return nil, backoff.Permanent(&BudgetError{Path: path, Delay: d})
		}
		d += rand.N(d/10 + 1) // so that those who waited do not come together
		r.waits.announce(Wait{Path: path, Status: http.StatusTooManyRequests, Delay: d, Reason: "another request was throttled"})
		if err := sleep(ctx, d); err != nil {
			return nil, backoff.Permanent(err)
		}
	}
	pace.asked = 0
	out, err := repeatable(req)
	if err != nil {
		return nil, backoff.Permanent(err)
	}
	resp, err := r.next.RoundTrip(out)
	if err != nil {
		return nil, r.noAnswer(ctx, req, path, err)
	}
	if !mayPass(resp.StatusCode) {
		return resp, nil
	}
	body := readError(resp)
	if r.opaque {
		body = nil
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	failure := responseError(resp, path, body)
	if !failure.passing(safe(req)) {
		return resp, nil
	}
	if impatient(ctx) && failure.Throttled() && failure.RetryAfter > longestImpatience {
		return resp, nil // the answer stands
	}
	pace.asked = failure.RetryAfter
	return resp, &refused{status: resp.StatusCode, reason: failure.brief()}
}

// noAnswer classifies the error of a request without answer.
func (r *retry) noAnswer(ctx context.Context, req *http.Request, path string, err error) error {
	var token *TokenError
	var host *UnreachableError
	switch {
	case ctx.Err() != nil, errors.As(err, &token), errors.As(err, &host), errors.As(err, new(*BudgetError)):
		return backoff.Permanent(err) // tokens have been retried already
	case !safe(req) || lasting(err):
		return backoff.Permanent(unreachable(req.URL, path, err))
	}
	return &refused{reason: plain(req.URL, err).Error(), err: err}
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
		return e.has(codeMissingCredentials)
	}
	return mayPass(e.Status)
}
