package faults

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"m365lake/sandbox/clock"
	"m365lake/sandbox/odata"
)

// Delay is what every answer waits when the tenant is slow, and how far its clock is ahead.
const (
	slowAnswer = 300 * time.Millisecond
	slowToken  = 2 * time.Second
	skew       = 10 * time.Minute
)

// EveryAnswer is the middleware of both ports: it sets the header Date, and makes the answer wait for latency and for
// the fault slow. A request whose client goes away meanwhile is not served.
func (f Set) EveryAnswer(c clock.Clock, latency time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := c.Tenant()
		if f.On(ClockSkew) {
			now = now.Add(skew)
		}
		w.Header().Set("Date", now.Format(http.TimeFormat))
		delay := latency
		if f.On(Slow) {
			delay += slowAnswer
		}
		if delay > 0 && !c.Wait(r.Context(), delay) {
			return
		}
		next.ServeHTTP(w, r)
	})
}

// WaitForToken makes a request for a token wait when the fault token_slow is on. It is false when the client went away.
func (f Set) WaitForToken(ctx context.Context, c clock.Clock) bool {
	return !f.On(TokenSlow) || c.Wait(ctx, slowToken)
}

// SeventhCall counts the calls of Graph, of which the fault server_errors spoils every seventh. It is safe for
// concurrent use.
type SeventhCall struct{ calls atomic.Uint64 }

// Spoil answers the call itself and returns true, when it is one of those.
func (e *SeventhCall) Spoil(set Set, c *odata.Call) bool {
	n := e.calls.Add(1)
	if !set.On(ServerErrors) || n%7 != 0 {
		return false
	}
	// three kinds in turn, one of them from a gateway that does not speak JSON
	switch n / 7 % 3 {
	case 1:
		c.W.Header().Set("Retry-After", "0.1")
		c.Error(http.StatusServiceUnavailable, "ServiceUnavailable", "The service is temporarily unavailable. "+
			"Please retry.")
	case 2:
		c.W.Header().Set("Content-Type", "text/html")
		c.W.WriteHeader(http.StatusBadGateway)
		c.W.Write([]byte("<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1>" +
			"</center></body></html>\r\n"))
	default:
		c.Error(http.StatusGatewayTimeout, "UnknownError", "")
	}
	return true
}
