// Package view shows things to people and to machines: tables, the check screen, JSON.
package view

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"
)

// A Table writes the answer to a question in one of the formats: Header once, Row for each row with as many
// values as there are columns, then End. Nothing may have been written before End. It is not safe for concurrent
// use.
type Table interface {
	Header(columns []*sql.ColumnType) error
	Row(values []any) error
	End() error
}

// NewTable returns a table that is written to w in a format: table, csv or json; another is an error. A table for
// people shows maxRows rows and says how many there are more; 0 shows all, as the other formats always do.
func NewTable(format string, maxRows int, w io.Writer) (Table, error) {
	switch format {
	case "table":
		return NewTextTable(maxRows, w), nil
	case "csv":
		return &csvTable{w: csv.NewWriter(w)}, nil
	case "json":
		return &jsonTable{w: w}, nil
	}
	return nil, fmt.Errorf("--format %q: it is table, csv or json", format)
}

// NewTextTable returns the table for people of NewTable.
func NewTextTable(maxRows int, w io.Writer) Table { return &textTable{w: w, maxRows: maxRows} }

// textTable is for people: aligned, numbers to the right.
type textTable struct {
	w       io.Writer
	maxRows int
	columns []*sql.ColumnType
	cells   [][]string
	more    int
}

func (t *textTable) Header(columns []*sql.ColumnType) error {
	t.columns = columns
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name()
	}
	t.cells = append(t.cells, names)
	return nil
}

func (t *textTable) Row(values []any) error {
	if t.maxRows > 0 && len(t.cells) > t.maxRows {
		t.more++
		return nil
	}
	row := make([]string, len(values))
	for i, v := range values {
		row[i] = strings.NewReplacer("\n", " ", "\t", " ").Replace(cellText(v, t.columns[i]))
	}
	t.cells = append(t.cells, row)
	return nil
}

func (t *textTable) End() error {
	widths := make([]int, len(t.columns))
	for _, row := range t.cells {
		for i, cell := range row {
			widths[i] = max(widths[i], runewidth.StringWidth(cell))
		}
	}
	var b bytes.Buffer
	line := func(row []string) {
		for i, cell := range row {
			if i > 0 {
				b.WriteString("  ")
			}
			padding := strings.Repeat(" ", widths[i]-runewidth.StringWidth(cell))
			switch {
			case isNumber(t.columns[i]):
				b.WriteString(padding + cell)
			case i < len(row)-1:
				b.WriteString(cell + padding)
			default:
				b.WriteString(cell)
			}
		}
		b.WriteByte('\n')
	}
	for i, row := range t.cells {
		line(row)
		if i == 0 {
			rule := make([]string, len(row))
			for c := range rule {
				rule[c] = strings.Repeat("-", widths[c])
			}
			line(rule)
		}
	}
	if t.more > 0 {
		fmt.Fprintf(&b, "(%d more rows; --max-rows 0 shows all)\n", t.more)
	}
	_, err := t.w.Write(b.Bytes())
	return err
}

// csvTable is RFC 4180 with a header; NULL is the empty cell.
type csvTable struct {
	w       *csv.Writer
	columns []*sql.ColumnType
}

func (t *csvTable) Header(columns []*sql.ColumnType) error {
	t.columns = columns
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name()
	}
	return t.w.Write(names)
}

func (t *csvTable) Row(values []any) error {
	row := make([]string, len(values))
	for i, v := range values {
		if v != nil {
			row[i] = cellText(v, t.columns[i])
		}
	}
	return t.w.Write(row)
}

func (t *csvTable) End() error {
	t.w.Flush()
	return t.w.Error()
}

// jsonTable is an array of objects, one a line, with the columns in their order.
type jsonTable struct {
	w       io.Writer
	columns []*sql.ColumnType
	rows    int
}

func (t *jsonTable) Header(columns []*sql.ColumnType) error {
	t.columns = columns
	return nil
}

func (t *jsonTable) Row(values []any) error {
	var b bytes.Buffer
	if t.rows == 0 {
		b.WriteString("[\n  {")
	} else {
		b.WriteString(",\n  {")
	}
	t.rows++
	for i, v := range values {
		name, err := json.Marshal(t.columns[i].Name())
		if err != nil {
			return err
		}
		cell, err := cellJSON(v, t.columns[i])
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.Write(name)
		b.WriteString(": ")
		b.Write(cell)
	}
	b.WriteByte('}')
	_, err := t.w.Write(b.Bytes())
	return err
}

func (t *jsonTable) End() error {
	end := "\n]\n"
	if t.rows == 0 {
		end = "[]\n"
	}
	_, err := io.WriteString(t.w, end)
	return err
}
