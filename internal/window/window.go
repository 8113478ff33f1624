// Package window keeps calls within a number per sliding window of time.
package window

import (
	"context"
	"slices"
	"sync"
	"time"

	"m365lake/internal/clock"
)

// A Window allows a number of calls in any stretch of time of one length. It allows all of them at
// once and still never more in any window. One token bucket (golang.org/x/time/rate) cannot: with a
// burst of 14 per ten minutes it would let the 15th call pass after 43 seconds.
//
// A Window is safe for concurrent use.
type Window struct {
	clock clock.Clock
	calls int
	per   time.Duration

	mu    sync.Mutex
	taken []time.Time // when the calls of the last window were made and the next ones will be, in order
}

// New returns a window of the given number of calls, which must be positive, per stretch of time.
// It keeps the calls a hundredth further apart than that: a server counts them when they arrive, and
// the later one may have the shorter way.
func New(c clock.Clock, calls int, per time.Duration) *Window {
	return &Window{clock: c, calls: calls, per: per + per/100}
}

// Wait returns nil when a call may be made, and counts it. If there is no room yet, it first calls
// announce with the time until there is; nil is allowed. If ctx ends first, Wait returns the
// context's cause, and the call is not counted.
func (w *Window) Wait(ctx context.Context, announce func(time.Duration)) error {
	w.mu.Lock()
	delay, at := w.next()
	w.take(at)
	w.mu.Unlock()
	if delay <= 0 {
		return nil
	}
	if announce != nil {
		announce(delay)
	}
	if err := w.clock.Sleep(ctx, delay); err != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.giveBack(at)
		return err
	}
	return nil
}

// TakeNow counts a call and returns 0, or counts none and returns how long it is until there is room.
func (w *Window) TakeNow() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	delay, at := w.next()
	if delay > 0 {
		return delay
	}
	w.take(at)
	return 0
}

// next says when the next call may be made. It needs the lock.
func (w *Window) next() (delay time.Duration, at time.Time) {
	now := w.clock.Now()
	w.taken = slices.DeleteFunc(w.taken, func(t time.Time) bool { return now.Sub(t) >= w.per })
	if len(w.taken) >= w.calls {
		at = w.taken[len(w.taken)-w.calls].Add(w.per)
	}
	if at.Before(now) {
		at = now
	}
	return at.Sub(now), at
}

// take needs the lock.
func (w *Window) take(at time.Time) {
	i, _ := slices.BinarySearchFunc(w.taken, at, time.Time.Compare)
	w.taken = slices.Insert(w.taken, i, at)
}

// giveBack needs the lock. Calls that were taken later keep their time.
func (w *Window) giveBack(at time.Time) {
	if i := slices.IndexFunc(w.taken, at.Equal); i >= 0 {
		w.taken = slices.Delete(w.taken, i, i+1)
	}
}
