package report

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"

	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/transform/cells"
)

// A cellColumn takes the cells of one column of a report. An empty cell is NULL: Microsoft writes nothing
// for "never" and in several reports also for 0 (reference: graph-reports, 0.3).
type cellColumn interface {
	// addCell appends a cell that is not empty. If the cell is no such value it says what belongs into the
	// column.
	addCell(cell []byte) (want string)
}

// newCellColumn returns the reader of a column. It panics when a report has a column of a type
// that no cell can be; every report passes here in the tests.
func newCellColumn(rows *column.Writer, c schemas.Column) cellColumn {
	switch c.Type.Arrow.ID() {
	case arrow.STRING:
		return textCells{rows.Text(c.Name)}
	case arrow.LIST:
		return productCells{rows.Texts(c.Name)}
	case arrow.BOOL:
		return &valueCells[bool]{rows.Boolean(c.Name), "Yes, No, True or False", cells.ParseBoolean}
	case arrow.DATE32:
		return &valueCells[arrow.Date32]{rows.Date(c.Name), WantDate, cells.ParseDate}
	case arrow.INT64:
		return &valueCells[int64]{rows.Integer(c.Name), "a whole number such as 12", cells.ParseInteger}
	case arrow.FLOAT64:
		return &valueCells[float64]{rows.Number(c.Name), "a number such as 12.5", cells.ParseNumber}
	case arrow.TIMESTAMP:
		return &valueCells[arrow.Timestamp]{
			rows.Timestamp(c.Name),
			"a time such as 2026-08-31T09:30:00Z",
			cells.ParseTimestamp,
		}
	}
	panic(fmt.Sprintf("transform: column %s is a %s, which no CSV cell can be", c.Name, c.Type.Name))
}

// WantDate says in messages what a cell with a date must hold.
const WantDate = "a date such as 2026-08-31"

type textCells struct{ *column.Text }

func (c textCells) addCell(cell []byte) (want string) {
	c.AppendBytes(cell)
	return ""
}

// productCells are Assigned Products as a list.
type productCells struct{ *column.Texts }

func (c productCells) addCell(cell []byte) (want string) {
	c.Begin()
	name, rest, more := cells.CutProduct(cell)
	for {
		if len(name) > 0 {
			c.AppendItem(name)
		}
		if !more {
			return ""
		}
		name, rest, more = cells.CutProduct(rest)
	}
}

// valueCells are the types of a fixed width.
type valueCells[T any] struct {
	values interface{ Append(value T) }
	wanted string
	parse  func(cell []byte) (T, bool)
}

func (c *valueCells[T]) addCell(cell []byte) (want string) {
	value, ok := c.parse(cell)
	if !ok {
		return c.wanted
	}
	c.values.Append(value)
	return ""
}
