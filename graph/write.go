package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"m365lake/graph/auth"
	"m365lake/graph/wire"
	"m365lake/internal/text"
)

// A WriteAnswer is Graph's answer to a write it carried out.
type WriteAnswer struct {
	Status    int    // 200 to 299
	Body      []byte // empty with a 204, and where the connection broke after the status
	RequestID string // Microsoft's
}

// Write sends one request that changes something. body becomes JSON; nil sends none.
//
// It is sent again only when Graph says that it did nothing: 429, and 503 with Retry-After. Every
// other failure ends it. A refusal is an *Error. Where nobody can know whether it was carried out,
// because the answer was lost or a server failed half-way, Uncertain(err) holds: read before writing
// again. Source: https://learn.microsoft.com/graph/errors, /graph/throttling.
func (c *Client) Write(ctx context.Context, method, path string, body any) (WriteAnswer, error) {
	u, err := c.resolve(path)
	if err != nil {
		return WriteAnswer{}, err
	}
	if ctx.Err() != nil {
		return WriteAnswer{}, wire.Stopped(ctx, u.Path)
	}
	req, err := newRequest(ctx, u, u.Path)
	if err != nil {
		return WriteAnswer{}, err
	}
	req.Method = method
	req.Header.Set("Accept", "application/json")
	req.Header.Set("x-ms-throttle-priority", "normal")
	if err := setBody(req, body); err != nil {
		return WriteAnswer{}, fmt.Errorf("%s: %w", u.Path, err)
	}
	resp, err := c.graph.RoundTrip(req)
	if err != nil {
		return WriteAnswer{}, maybeWritten(err)
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return WriteAnswer{}, maybeWritten(c.responseError(resp, u.Path, wire.ReadError(resp)))
	}
	if resp.StatusCode < http.StatusOK || resp.StatusCode >= http.StatusMultipleChoices {
		return WriteAnswer{}, maybeWritten(c.unexpected(resp, u.Path))
	}
	answer := WriteAnswer{Status: resp.StatusCode, RequestID: text.OneLine(resp.Header.Get("request-id"), 80)}
	defer resp.Body.Close()
	if content, err := io.ReadAll(io.LimitReader(resp.Body, c.pageLimit)); err == nil { // the status says that it was done
		answer.Body = content
	}
	return answer, nil
}

// setBody gives req a JSON body that can be sent again.
func setBody(req *http.Request, body any) error {
	if body == nil {
		return nil
	}
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.ContentLength = int64(len(content))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	req.Body, err = req.GetBody()
	return err
}

// uncertainError marks the error of a write that may have been carried out.
type uncertainError struct{ err error }

func (e *uncertainError) Error() string {
	return e.err.Error() + " (whether it was carried out is not known)"
}
func (e *uncertainError) Unwrap() error { return e.err }

// Uncertain reports whether err leaves open if a write was carried out.
func Uncertain(err error) bool { return errors.As(err, new(*uncertainError)) }

// maybeWritten marks err unless it is sure that Graph did nothing: it refused, or was never reached.
func maybeWritten(err error) error {
	var refusal *Error
	var dial *net.OpError
	switch {
	case errors.As(err, &refusal):
		if refusal.passing(false) ||
			refusal.Status >= 400 && refusal.Status < 500 && refusal.Status != http.StatusRequestTimeout {
			return err
		}
	case errors.As(err, new(*auth.TokenError)), errors.As(err, new(*NoRoomError)), wire.Lasting(err):
		return err
	case errors.As(err, &dial) && dial.Op == "dial":
		return err
	}
	if unreachable := (*wire.UnreachableError)(nil); errors.As(err, &unreachable) && unreachable.Path == "sign-in" {
		return err
	}
	return &uncertainError{err}
}
