package graph

import (
	"context"
	"fmt"
	"time"
)

// A NoRoomError says that a request under WithoutWaiting would have had to wait for a limit.
type NoRoomError struct {
	Path  string
	Delay time.Duration // until there is room
}

// Error is one line.
func (e *NoRoomError) Error() string {
	return fmt.Sprintf(
		"%s: the report's calls are used up for %v; the next run asks again",
		e.Path,
		e.Delay.Round(time.Second),
	)
}

// longestWaitOfNone is the longest wait that a request under WithoutWaiting accepts all the same.
const longestWaitOfNone = 5 * time.Second

type withoutWaitingKey struct{}

// WithoutWaiting returns a context for requests that can as well be made tomorrow: rather than wait
// until a report may be asked for again they fail with a *NoRoomError, or with Graph's own 429. Waits
// of a few seconds are made.
func WithoutWaiting(ctx context.Context) context.Context {
	return context.WithValue(ctx, withoutWaitingKey{}, true)
}

func waitsNot(ctx context.Context) bool { return ctx.Value(withoutWaitingKey{}) != nil }
