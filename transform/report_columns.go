package transform

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
)

// A cellColumn turns cells of one column of a report into Arrow values. An empty cell is NULL:
// Microsoft writes nothing for "never" and in several reports also for 0 (reference:
// graph-reports, 0.3). The builder must have room reserved for the row.
type cellColumn interface {
	// add appends the cell; false means that the cell is no such value, and nothing was appended.
	add(cell []byte) bool
	// want says what belongs into the column, for an error message.
	want() string
}

// newCellColumn returns the column of a builder. It panics when a report has a column of a type
// that cannot be read from a cell; every report passes here in the tests.
func newCellColumn(column schemas.Column, builder array.Builder) cellColumn {
	switch b := builder.(type) {
	case *array.StringBuilder:
		return textCells{b}
	case *array.ListBuilder:
		return productCells{b, b.ValueBuilder().(*array.StringBuilder)}
	case *array.BooleanBuilder:
		return booleanCells{b}
	case *array.Date32Builder:
		return dateCells{b}
	case *array.Int64Builder:
		return integerCells{b}
	case *array.Float64Builder:
		return numberCells{b}
	case *array.TimestampBuilder:
		return timestampCells{b}
	}
	panic(fmt.Sprintf("transform: column %s is a %s, which no CSV cell can be", column.Name, column.Type.Name))
}

type textCells struct{ builder *array.StringBuilder }

func (c textCells) want() string { return "a text" }

func (c textCells) add(cell []byte) bool {
	if len(cell) == 0 {
		c.builder.AppendNull()
	} else {
		c.builder.BinaryBuilder.Append(validText(cell))
	}
	return true
}

// productCells are Assigned Products as a list.
type productCells struct {
	builder *array.ListBuilder
	names   *array.StringBuilder
}

func (c productCells) want() string { return "a list of products" }

func (c productCells) add(cell []byte) bool {
	if len(cell) == 0 {
		c.builder.AppendNull()
		return true
	}
	c.builder.Append(true)
	name, rest, more := cutProduct(validText(cell))
	for {
		if len(name) > 0 {
			c.names.BinaryBuilder.Append(name)
		}
		if !more {
			return true
		}
		name, rest, more = cutProduct(rest)
	}
}

type booleanCells struct{ builder *array.BooleanBuilder }

func (c booleanCells) want() string { return "Yes, No, True or False" }

func (c booleanCells) add(cell []byte) bool {
	if len(cell) == 0 {
		c.builder.UnsafeAppendBoolToBitmap(false)
		return true
	}
	value, ok := parseBoolean(cell)
	if ok {
		c.builder.UnsafeAppend(value)
	}
	return ok
}

type dateCells struct{ builder *array.Date32Builder }

func (c dateCells) want() string { return wantDate }

const wantDate = "a date such as 2026-08-31"

func (c dateCells) add(cell []byte) bool {
	if len(cell) == 0 {
		c.builder.UnsafeAppendBoolToBitmap(false)
		return true
	}
	value, ok := parseDate(cell)
	if ok {
		c.builder.UnsafeAppend(value)
	}
	return ok
}

type integerCells struct{ builder *array.Int64Builder }

func (c integerCells) want() string { return "a whole number such as 12" }

func (c integerCells) add(cell []byte) bool {
	if len(cell) == 0 {
		c.builder.UnsafeAppendBoolToBitmap(false)
		return true
	}
	value, ok := parseInteger(cell)
	if ok {
		c.builder.UnsafeAppend(value)
	}
	return ok
}

type numberCells struct{ builder *array.Float64Builder }

func (c numberCells) want() string { return "a number such as 12.5" }

func (c numberCells) add(cell []byte) bool {
	if len(cell) == 0 {
		c.builder.UnsafeAppendBoolToBitmap(false)
		return true
	}
	value, ok := parseNumber(cell)
	if ok {
		c.builder.UnsafeAppend(value)
	}
	return ok
}

type timestampCells struct{ builder *array.TimestampBuilder }

func (c timestampCells) want() string { return "a time such as 2026-08-31T09:30:00Z" }

func (c timestampCells) add(cell []byte) bool {
	if len(cell) == 0 {
		c.builder.UnsafeAppendBoolToBitmap(false)
		return true
	}
	value, ok := parseTimestamp(cell)
	if ok {
		c.builder.UnsafeAppend(value)
	}
	return ok
}
