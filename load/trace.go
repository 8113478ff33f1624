package load

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"m365lake/schemas"
)

// startTableSpan begins the span of a table within that of the context. Whether there is one, and
// its clock, are the caller's: without a span in the context nothing is recorded.
func startTableSpan(ctx context.Context, table *schemas.Table) (context.Context, trace.Span) {
	return trace.SpanFromContext(ctx).TracerProvider().Tracer("m365lake/load").Start(ctx, "load "+table.Name,
		trace.WithAttributes(attribute.String("m365lake.table", table.Name)))
}

// endTableSpan ends it with the rows that were loaded. The error's text stays out: it may show a row.
func endTableSpan(span trace.Span, rows int64, err error) {
	span.SetAttributes(attribute.Int64("m365lake.rows", rows))
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}
