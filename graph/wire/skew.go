package wire

import (
	"net/http"
	"sync/atomic"
	"time"

	"m365lake/internal/clock"
)

// A Skew is how far Microsoft's clock is ahead of this machine's, as the last answer told. Assertions
// are refused when the two differ by more than minutes, and the day of a run is this machine's. Its zero
// value is ready, and it is safe for concurrent use.
type Skew struct {
	ahead atomic.Int64 // nanoseconds
	known atomic.Bool
}

// Ahead returns how far the clock of the last server that answered is ahead of this machine's,
// negative when it is behind; known is false before the first answer. Servers name whole seconds,
// and the answer travels, so that less than some seconds mean nothing.
func (s *Skew) Ahead() (ahead time.Duration, known bool) {
	return time.Duration(s.ahead.Load()), s.known.Load()
}

// Note returns next, with the header Date of every answer noted.
func (s *Skew) Note(next http.RoundTripper, c clock.Clock) http.RoundTripper {
	return &noteDate{next: next, clock: c, skew: s}
}

type noteDate struct {
	next  http.RoundTripper
	clock clock.Clock
	skew  *Skew
}

func (n *noteDate) RoundTrip(req *http.Request) (*http.Response, error) {
	sent := n.clock.Now()
	resp, err := n.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if date, parseErr := http.ParseTime(resp.Header.Get("Date")); parseErr == nil {
		// The server wrote it somewhere between the two, and cut it to the second.
		halfway := sent.Add(n.clock.Now().Sub(sent) / 2)
		n.skew.ahead.Store(int64(date.Add(time.Second / 2).Sub(halfway)))
		n.skew.known.Store(true)
	}
	return resp, nil
}
