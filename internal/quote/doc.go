// Package quote makes names and texts safe to stand in SQL for DuckDB, for the statements that cannot
// be given bound values.
package quote
