package wire

import (
	"context"
	"errors"
	"fmt"
	"time"

	"m365lake/internal/clock"
)

// A Wait is why a request is about to wait. It never holds a token or a signed address.
type Wait struct {
	Path   string // of the Graph request, without its query
	Status int    // that caused the wait; 0 when no answer came or none was asked for yet
	Delay  time.Duration
	Reason string
}

// Patience is how long and how often one request is tried.
type Patience struct {
	Clock     clock.Clock
	MaxTries  uint          // at least 1
	MaxWait   time.Duration // all waits of one request together
	BaseDelay time.Duration // the first wait when the server names none
}

// A PassingError is a failure after which the same request may be tried again.
type PassingError struct {
	Status     int           // of the answer; 0: no answer came
	Reason     string        // one line, for a Wait
	RetryAfter time.Duration // what the server asked for; 0 is nothing
	Err        error
}

// Error is the reason.
func (e *PassingError) Error() string { return e.Reason }

// Unwrap returns the failure itself.
func (e *PassingError) Unwrap() error { return e.Err }

// Repeat calls once until it succeeds, fails otherwise than by a *PassingError, or patience ends. It
// calls announce before each wait. It returns what the last call returned, of a *PassingError the
// failure inside; if ctx ends during a wait, the error is the context's cause.
func Repeat[T any](
	ctx context.Context, p Patience, path string, announce func(Wait), once func() (T, error),
) (T, error) {
	waits := NewBackoff(p.BaseDelay, p.MaxWait)
	for tries := uint(1); ; tries++ {
		result, err := once()
		var passing *PassingError
		if err == nil || !errors.As(err, &passing) {
			return result, err
		}
		delay, more := waits.Next(passing.RetryAfter)
		if !more || tries >= p.MaxTries || ctx.Err() != nil {
			return result, passing.Err
		}
		announce(Wait{Path: path, Status: passing.Status, Delay: delay, Reason: passing.Reason})
		if err := p.Clock.Sleep(ctx, delay); err != nil {
			return result, err
		}
	}
}

// Stopped is the error of a request whose context has ended: the context's error, and the cause it
// was given, if that is another.
func Stopped(ctx context.Context, path string) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if cause == nil || cause == err {
		return fmt.Errorf("%s: %w", path, err)
	}
	return fmt.Errorf("%s: %w: %w", path, err, cause)
}
