package graph

import (
	"context"
	"fmt"
	"time"
)

// BudgetError says that an impatient request would have had to wait for a report's budget.
type BudgetError struct {
	Path  string
	Delay time.Duration // until there is room
}

func (e *BudgetError) Error() string {
	return fmt.Sprintf("%s: the report's calls are used up for %v; the next run asks again", e.Path, e.Delay.Round(time.Second))
}

// longestImpatience is what even an impatient request waits.
const longestImpatience = 5 * time.Second

type impatienceKey struct{}

// Impatient returns a context for requests that can as well be made tomorrow: rather than wait for
// a report's budget they fail with a BudgetError, or with Graph's own 429.
func Impatient(ctx context.Context) context.Context {
	return context.WithValue(ctx, impatienceKey{}, true)
}

func impatient(ctx context.Context) bool { return ctx.Value(impatienceKey{}) != nil }
