package graph

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// After each fate of a write: how often was it sent, and is it known what came of it?
func TestWriteIsRepeatedOnlyWhenNothingWasDone(t *testing.T) {
	for name, c := range map[string]struct {
		turns     []func(http.ResponseWriter)
		sent      int64
		ok        bool
		status    int
		uncertain bool
	}{
		"done":        {nil, 1, true, 0, false},
		"throttled":   {[]func(http.ResponseWriter){status(429, "Retry-After", "0.01"), status(429)}, 3, true, 0, false},
		"503 with":    {[]func(http.ResponseWriter){status(503, "Retry-After", "0.01")}, 2, true, 0, false},
		"503 without": {[]func(http.ResponseWriter){status(503)}, 1, false, 503, true},
		"500":         {[]func(http.ResponseWriter){status(500)}, 1, false, 500, true},
		"504":         {[]func(http.ResponseWriter){status(504)}, 1, false, 504, true},
		"509":         {[]func(http.ResponseWriter){status(509)}, 1, false, 509, true},
		"408":         {[]func(http.ResponseWriter){status(408)}, 1, false, 408, true},
		"lost":        {[]func(http.ResponseWriter){hangUp}, 1, false, 0, true},
		"redirected":  {[]func(http.ResponseWriter){status(302, "Location", "/elsewhere")}, 1, false, 302, true},
		"400":         {[]func(http.ResponseWriter){status(400)}, 1, false, 400, false},
		"403":         {[]func(http.ResponseWriter){status(403)}, 1, false, 403, false},
		"409":         {[]func(http.ResponseWriter){status(409)}, 1, false, 409, false},
		"423":         {[]func(http.ResponseWriter){status(423)}, 1, false, 423, false},
		"401 once":    {[]func(http.ResponseWriter){status(401)}, 2, true, 0, false},
		"throttled forever": {
			[]func(http.ResponseWriter){status(429), status(429), status(429), status(429)}, 3, false, 429, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sent atomic.Int64
			f := &faults{turns: c.turns}
			client := newTenant(t, func(w http.ResponseWriter, r *http.Request) {
				sent.Add(1)
				body, _ := io.ReadAll(r.Body)
				if r.Method != http.MethodPatch || string(body) != `{"accountEnabled":false}` ||
					r.Header.Get("Content-Type") != "application/json" {
					t.Errorf("%s %q %q", r.Method, body, r.Header.Get("Content-Type"))
				}
				if got := r.Header.Get("x-ms-throttle-priority"); got != "normal" {
					t.Errorf("priority %q", got)
				}
				f.ServeHTTP(w, r)
			}).client(t, func(o *Options) { o.MaxTries = 3 })
			answer, err := client.Write(
				t.Context(),
				http.MethodPatch,
				"/v1.0/users/ana",
				map[string]any{"accountEnabled": false},
			)
			if sent.Load() != c.sent || (err == nil) != c.ok || Uncertain(err) != c.uncertain {
				t.Fatalf("sent %d times, uncertain %v: %v", sent.Load(), Uncertain(err), err)
			}
			if c.ok && (answer.Status != 200 || string(answer.Body) != emptyPage) {
				t.Errorf("%+v", answer)
			}
			var refusal *Error
			if c.status != 0 && (!errors.As(err, &refusal) || refusal.Status != c.status) {
				t.Errorf("want status %d: %v", c.status, err)
			}
		})
	}
}

func TestWriteToNobodyWasNotCarriedOut(t *testing.T) {
	tn := newTenant(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	client := tn.client(t)
	tn.graph.Close()
	if _, err := client.Write(t.Context(), http.MethodDelete, "/v1.0/users/ana", nil); err == nil || Uncertain(err) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Write(ctx, http.MethodDelete, "/v1.0/users/ana", nil); !errors.Is(err, context.Canceled) ||
		Uncertain(err) {
		t.Error(err)
	}
}

// A caller that is stopped while Graph works does not know what Graph did.
func TestWriteStoppedHalfWay(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client := newTenant(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
		}
	}).client(t)
	if _, err := client.Write(ctx, http.MethodPost, "/v1.0/users/ana/revokeSignInSessions", nil); !errors.Is(
		err,
		context.Canceled,
	) ||
		!Uncertain(err) {
		t.Error(err)
	}
}

// The status says that it was done, even if the rest of the answer does not come.
func TestWriteWithBrokenBody(t *testing.T) {
	client := newTenant(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.Header().Set("request-id", "rid-7")
		w.WriteHeader(201)
		_, _ = io.WriteString(w, `{"id":`)
	}).client(t)
	answer, err := client.Write(t.Context(), http.MethodPost, "/v1.0/users", map[string]any{})
	if err != nil || answer.Status != 201 || answer.RequestID != "rid-7" || len(answer.Body) != 0 {
		t.Error(answer, err)
	}
}
