package warehouse

import (
	"context"

	"go.opentelemetry.io/otel/attribute"

	"m365lake/internal/span"
	"m365lake/schemas"
)

// startTableSpan begins the span of a table within that of the context. Without a span in the context
// nothing is recorded.
func startTableSpan(ctx context.Context, table *schemas.Table) (context.Context, *span.Span) {
	return span.Start(ctx, "load "+table.Name, attribute.String("m365lake.table", table.Name))
}

// endTableSpan ends it with the rows that were loaded.
func endTableSpan(s *span.Span, rows int64, err error) {
	s.Set(attribute.Int64("m365lake.rows", rows))
	s.End(err != nil)
}
