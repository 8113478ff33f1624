package wire

import (
	"math/rand/v2"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// A Backoff says how long one request waits between its tries: as long as the server asked, or
// exponentially with jitter when it asked for nothing. It ends when all waits together would pass the
// budget. It is not safe for concurrent use.
//
// Microsoft asks for exponential back-off where Retry-After is missing
// (https://learn.microsoft.com/graph/throttling).
type Backoff struct {
	exponential *backoff.ExponentialBackOff
	left        time.Duration
}

// NewBackoff returns a Backoff that first waits about base, and at most budget altogether.
func NewBackoff(base, budget time.Duration) *Backoff {
	return &Backoff{
		exponential: &backoff.ExponentialBackOff{
			InitialInterval: base, RandomizationFactor: 0.3, Multiplier: 2, MaxInterval: max(base, 90*time.Second),
		},
		left: budget,
	}
}

// Next returns the next wait, and false if it would pass the budget. retryAfter is what the server
// asked for in its last answer; 0 is nothing.
func (b *Backoff) Next(retryAfter time.Duration) (time.Duration, bool) {
	next := b.exponential.NextBackOff()
	if retryAfter > 0 {
		// Never earlier than asked; up to a tenth later, so that those who were refused together
		// do not come back together.
		next = retryAfter + rand.N(retryAfter/10+1)
	}
	if next > b.left {
		return 0, false
	}
	b.left -= next
	return next, true
}
