package quote

import (
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
