package view

import (
	"database/sql"
	"errors"
)

// Rows writes the answer to a question into a table. It closes rows.
func Rows(rows *sql.Rows, table Table) error {
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	if err := table.Header(types); err != nil {
		return err
	}
	values, targets := make([]any, len(types)), make([]any, len(types))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if err := table.Row(values); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), table.End())
}
