package notify

import (
	"fmt"

	"github.com/go-logr/logr"
)

// A traceLog takes what OpenTelemetry logs by itself: faults of its variables, with their values,
// which may be tokens. Only what is wrong is kept.
type traceLog struct{ warn func(error) }

func (l traceLog) Init(logr.RuntimeInfo)          {}
func (l traceLog) Enabled(int) bool               { return false }
func (l traceLog) Info(int, string, ...any)       {}
func (l traceLog) WithValues(...any) logr.LogSink { return l }
func (l traceLog) WithName(string) logr.LogSink   { return l }
func (l traceLog) Error(err error, what string, _ ...any) {
	l.warn(fmt.Errorf("%s: %w", what, withoutURL(err)))
}
