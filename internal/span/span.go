// Package span records what a run does as spans of OpenTelemetry. It uses the API alone: notify
// decides whether a run is traced and where spans go, and without it every function here does
// nothing. Spans never hold the text of an error, which may name people.
package span

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// tracerName is the instrumentation scope of all spans.
const tracerName = "m365lake"

// A Span is an action under way. The zero value, and nil, record nothing. It is safe for concurrent use.
type Span struct{ of trace.Span }

// Start begins a span within that of the context, which the returned context holds. The caller ends it.
func Start(ctx context.Context, name string, attributes ...attribute.KeyValue) (context.Context, *Span) {
	tracer := trace.SpanFromContext(ctx).TracerProvider().Tracer(tracerName)
	ctx, started := tracer.Start(ctx, name, trace.WithAttributes(attributes...))
	return ctx, &Span{started}
}

// Of is the span of a tracer that was set up elsewhere.
func Of(started trace.Span) *Span { return &Span{started} }

// Set adds attributes.
func (s *Span) Set(attributes ...attribute.KeyValue) {
	if s.recording() {
		s.of.SetAttributes(attributes...)
	}
}

// End ends the span; failed marks it as an error.
func (s *Span) End(failed bool) {
	if s == nil || s.of == nil {
		return
	}
	if failed {
		s.of.SetStatus(codes.Error, "")
	}
	s.of.End()
}

// A Step is an action that has ended.
type Step struct {
	Name       string
	Started    time.Time
	Took       time.Duration
	Failed     bool
	Attributes []attribute.KeyValue
}

// Record adds a step as a span below this one, with the times at which it happened.
func (s *Span) Record(step Step) {
	if !s.recording() {
		return
	}
	ctx := trace.ContextWithSpan(context.Background(), s.of)
	_, child := s.of.TracerProvider().Tracer(tracerName).Start(ctx, step.Name,
		trace.WithTimestamp(step.Started), trace.WithAttributes(step.Attributes...))
	if step.Failed {
		child.SetStatus(codes.Error, "")
	}
	child.End(trace.WithTimestamp(step.Started.Add(step.Took)))
}

func (s *Span) recording() bool { return s != nil && s.of != nil && s.of.IsRecording() }
