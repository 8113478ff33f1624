package schemas

import (
	"fmt"
	"strings"

	"m365lake/internal/quote"
)

// CreateTable is the statement that makes the table in DuckDB.
func (t *Table) CreateTable() string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s (", quote.Identifier(t.Name))
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n  %s %s", quote.Identifier(c.Name), c.Type.DuckDB)
		if c.Required {
			b.WriteString(" NOT NULL")
		}
	}
	b.WriteString("\n)")
	return b.String()
}

// Comments are the statements that put the documentation into the warehouse, where DESCRIBE-like
// queries on duckdb_columns() find it.
func (t *Table) Comments() []string {
	comments := []string{fmt.Sprintf("COMMENT ON TABLE %s IS %s", quote.Identifier(t.Name), quote.Literal(t.Doc))}
	for _, c := range t.Columns {
		comments = append(
			comments,
			fmt.Sprintf(
				"COMMENT ON COLUMN %s.%s IS %s",
				quote.Identifier(t.Name),
				quote.Identifier(c.Name),
				quote.Literal(c.Doc),
			),
		)
	}
	return comments
}
