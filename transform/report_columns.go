package transform

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/schemas"
)

// A cellColumn turns cells of one column of a report into an Arrow array. An empty cell is NULL:
// Microsoft writes nothing for "never" and in several reports also for 0 (reference:
// graph-reports, 0.3).
type cellColumn interface {
	arrowColumn
	// add appends a cell. If the cell is no such value it says what belongs into the column, and the
	// array is of no more use.
	add(cell []byte) (want string)
}

// newCellColumn returns the reader of a column. It panics when a report has a column of a type
// that no cell can be; every report passes here in the tests.
func newCellColumn(column schemas.Column, mem memory.Allocator) cellColumn {
	switch column.Type.Arrow.ID() {
	case arrow.STRING:
		return &textCells{newTextColumn(mem)}
	case arrow.LIST:
		return &productCells{newListColumn(mem, column.Type.Arrow)}
	case arrow.BOOL:
		return &booleanCells{newBitColumn(mem)}
	case arrow.DATE32:
		return newValueCells(mem, column.Type.Arrow, wantDate, parseDate)
	case arrow.INT64:
		return newValueCells(mem, column.Type.Arrow, "a whole number such as 12", parseInteger)
	case arrow.FLOAT64:
		return newValueCells(mem, column.Type.Arrow, "a number such as 12.5", parseNumber)
	case arrow.TIMESTAMP:
		return newValueCells(mem, column.Type.Arrow, "a time such as 2026-08-31T09:30:00Z", parseTimestamp)
	}
	panic(fmt.Sprintf("transform: column %s is a %s, which no CSV cell can be", column.Name, column.Type.Name))
}

const wantDate = "a date such as 2026-08-31"

type textCells struct{ textColumn }

func (c *textCells) add(cell []byte) (want string) {
	if len(cell) == 0 {
		c.addNull()
	} else {
		c.addText(cell)
	}
	return ""
}

// productCells are Assigned Products as a list.
type productCells struct{ listColumn }

func (c *productCells) add(cell []byte) (want string) {
	if len(cell) == 0 {
		c.addNull()
		return ""
	}
	name, rest, more := cutProduct(cell)
	for {
		if len(name) > 0 {
			c.addItem(name)
		}
		if !more {
			break
		}
		name, rest, more = cutProduct(rest)
	}
	c.endList()
	return ""
}

type booleanCells struct{ bitColumn }

func (c *booleanCells) add(cell []byte) (want string) {
	if len(cell) == 0 {
		c.addNull()
		return ""
	}
	value, ok := parseBoolean(cell)
	if !ok {
		return "Yes, No, True or False"
	}
	c.addBit(value)
	return ""
}

// valueCells are the types of a fixed width.
type valueCells[T fixedWidth] struct {
	valueColumn[T]
	wanted string
	parse  func(cell []byte) (T, bool)
}

func newValueCells[T fixedWidth](mem memory.Allocator, dataType arrow.DataType, want string, parse func([]byte) (T, bool)) cellColumn {
	return &valueCells[T]{newValueColumn[T](mem, dataType), want, parse}
}

func (c *valueCells[T]) add(cell []byte) (want string) {
	if len(cell) == 0 {
		c.addNull()
		return ""
	}
	value, ok := c.parse(cell)
	if !ok {
		return c.wanted
	}
	c.addValue(value)
	return ""
}
