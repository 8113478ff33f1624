// Package clock is the only place of the program that reads the machine's time or waits for it.
// Code that needs the time takes a Clock, so that a test decides what time it is and how long a wait
// lasts. The linter forbids time.Now, time.Sleep and timers everywhere else.
package clock

import (
	"context"
	"time"
)

// A Clock tells the time and waits. Implementations are safe for concurrent use.
type Clock interface {
	// Now returns the current time. Differences between two results are true also when the machine's
	// wall clock is set in between.
	Now() time.Time

	// Sleep returns nil after d, at once if d is not positive. If ctx ends first, or has ended before
	// the call, it returns the context's cause.
	Sleep(ctx context.Context, d time.Duration) error

	// AfterFunc calls f in a goroutine of its own after d, unless the timer is stopped first.
	AfterFunc(d time.Duration, f func()) Timer
}

// A Timer is a call that AfterFunc has planned. *time.Timer is one.
type Timer interface {
	// Stop prevents the call. It returns false if the call has begun or was stopped before.
	Stop() bool

	// Reset plans the call anew, d from now. It returns false if the call had begun or was stopped.
	Reset(d time.Duration) bool
}

// Machine is the clock of the machine that the program runs on.
func Machine() Clock { return machine{} }

type machine struct{}

func (machine) Now() time.Time { return time.Now() }

func (machine) Sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (machine) AfterFunc(d time.Duration, f func()) Timer { return time.AfterFunc(d, f) }
