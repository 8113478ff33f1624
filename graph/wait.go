package graph

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// A Wait tells why a request is about to wait. It never holds a token or a signed address.
type Wait struct {
	Path   string // of the Graph request, without its query
	Status int    // that caused the wait; 0 when no answer came or none was asked for yet
	Delay  time.Duration
	Reason string
}

// waits is what the decorators that wait have in common: the count of it and the caller's callback.
type waits struct {
	counts *counters
	notify func(Wait) // may be nil
}

// announce records a wait that is about to begin.
func (w waits) announce(wait Wait) {
	w.counts.waited.Add(int64(wait.Delay))
	if w.notify != nil {
		w.notify(wait)
	}
}

// sleep waits for d, or returns at once when ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stopped is the error of a request whose context has ended: the context's error, and the cause it
// was given, if that is another.
func stopped(ctx context.Context, path string) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if cause == nil || cause == err {
		return fmt.Errorf("%s: %w", path, err)
	}
	return fmt.Errorf("%s: %w: %w", path, err, cause)
}

// unwrapPermanent takes backoff's mark off an error: backoff.Retry leaves it on that of the last try.
func unwrapPermanent(err error) error {
	if permanent := (*backoff.PermanentError)(nil); errors.As(err, &permanent) {
		return permanent.Err
	}
	return err
}

// A pace is the back-off of one request. It waits as long as the server asked, or exponentially
// with jitter when it asked for nothing, and ends when all waits together would pass the budget.
// Waiting for a budget of report calls is not part of it.
//
// Microsoft asks for exponential back-off where Retry-After is missing
// (https://learn.microsoft.com/graph/throttling).
type pace struct {
	exponential *backoff.ExponentialBackOff
	asked       time.Duration // the last answer's Retry-After; 0 is none
	left        time.Duration
}

func newPace(base, budget time.Duration) *pace {
	return &pace{
		exponential: &backoff.ExponentialBackOff{
			InitialInterval: base, RandomizationFactor: 0.3, Multiplier: 2, MaxInterval: max(base, 90*time.Second),
		},
		left: budget,
	}
}

// Reset is part of backoff.BackOff.
func (p *pace) Reset() { p.exponential.Reset() }

// NextBackOff is part of backoff.BackOff.
func (p *pace) NextBackOff() time.Duration {
	next := p.exponential.NextBackOff()
	if p.asked > 0 {
		// Never earlier than asked; up to a tenth later, so that those who were refused together
		// do not come back together.
		next = p.asked + rand.N(p.asked/10+1)
	}
	if next > p.left {
		return backoff.Stop
	}
	p.left -= next
	return next
}
