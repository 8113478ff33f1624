package schemas

import (
	"fmt"
	"strings"
)

// Identifier quotes a name for DuckDB. It is the only place where an identifier becomes SQL.
func Identifier(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// Literal quotes a text for the few DuckDB statements that take no bound values (COMMENT, COPY, ATTACH).
func Literal(text string) string {
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// CreateTable is the statement that makes the table in DuckDB.
func (t *Table) CreateTable() string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s (", Identifier(t.Name))
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n  %s %s", Identifier(c.Name), c.Type.DuckDB)
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
	comments := []string{fmt.Sprintf("COMMENT ON TABLE %s IS %s", Identifier(t.Name), Literal(t.Doc))}
	for _, c := range t.Columns {
		comments = append(comments, fmt.Sprintf("COMMENT ON COLUMN %s.%s IS %s", Identifier(t.Name), Identifier(c.Name), Literal(c.Doc)))
	}
	return comments
}
