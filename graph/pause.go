package graph

import (
	"sync"
	"time"

	"m365lake/internal/clock"
)

// pauses holds back requests under a limit that another request was just refused by: a request
// sent while throttled counts against the limit too, so waiting each for itself makes it longer.
// Source: https://learn.microsoft.com/graph/throttling
type pauses struct {
	clock clock.Clock

	mu    sync.Mutex
	until map[string]time.Time
}

// hold makes requests of scope wait for d from now.
func (p *pauses) hold(scope string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := p.clock.Now().Add(d); until.After(p.until[scope]) {
		if p.until == nil {
			p.until = map[string]time.Time{}
		}
		p.until[scope] = until
	}
}

// left is how long requests of scope have to wait; 0 or less is not at all.
func (p *pauses) left(scope string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until[scope].Sub(p.clock.Now())
}
