package lake

import (
	"context"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/compute"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// An Edit says what is to become of the rows of one batch: which rows go, and which cells change. Rows
// are counted from 0. It is not safe for concurrent use.
type Edit struct {
	drop    []bool
	changed []bool
	empty   map[string][]bool            // cells that become NULL, by column
	text    map[string]map[int]string    // texts that take the place of others, by column
	day     map[string]map[int]time.Time // the same for dates
}

// NewEdit is an Edit of a batch of so many rows, which leaves it as it is.
func NewEdit(rows int) *Edit {
	return &Edit{
		drop: make([]bool, rows), changed: make([]bool, rows),
		empty: map[string][]bool{}, text: map[string]map[int]string{}, day: map[string]map[int]time.Time{},
	}
}

// Drop removes a row.
func (e *Edit) Drop(row int) { e.drop[row] = true }

// Empty makes a cell NULL.
func (e *Edit) Empty(column string, row int) {
	if e.empty[column] == nil {
		e.empty[column] = make([]bool, len(e.drop))
	}
	e.empty[column][row] = true
	e.changed[row] = true
}

// SetText puts a text in place of that of a cell. The column must be one of texts.
func (e *Edit) SetText(column string, row int, text string) {
	setCell(e.text, column, row, text)
	e.changed[row] = true
}

// SetDay puts a day in place of that of a cell. The column must be one of dates.
func (e *Edit) SetDay(column string, row int, day time.Time) {
	setCell(e.day, column, row, day)
	e.changed[row] = true
}

func setCell[T any](cells map[string]map[int]T, column string, row int, value T) {
	if cells[column] == nil {
		cells[column] = map[int]T{}
	}
	cells[column][row] = value
}

// Dropped is how many rows go.
func (e *Edit) Dropped() (rows int64) {
	for _, drop := range e.drop {
		if drop {
			rows++
		}
	}
	return rows
}

// Changed is how many rows stay and change.
func (e *Edit) Changed() (rows int64) {
	for i, changed := range e.changed {
		if changed && !e.drop[i] {
			rows++
		}
	}
	return rows
}

// Apply makes a batch what the Edit says. The caller releases the result; rows stays the caller's.
func (e *Edit) Apply(ctx context.Context, rows arrow.RecordBatch) (arrow.RecordBatch, error) {
	columns := make([]arrow.Array, rows.NumCols())
	defer func() {
		for _, c := range columns {
			if c != nil {
				c.Release()
			}
		}
	}()
	for c, field := range rows.Schema().Fields() {
		columns[c] = e.column(field.Name, rows.Column(c))
	}
	changed := array.NewRecordBatch(rows.Schema(), columns, rows.NumRows())
	defer changed.Release()
	keep := array.NewBooleanBuilder(memory.DefaultAllocator)
	defer keep.Release()
	for _, drop := range e.drop {
		keep.Append(!drop)
	}
	mask := keep.NewBooleanArray()
	defer mask.Release()
	return compute.FilterRecordBatch(ctx, changed, mask, compute.DefaultFilterOptions())
}

// column is a column as edited, which the caller releases.
func (e *Edit) column(name string, column arrow.Array) arrow.Array {
	column.Retain()
	if cells := e.empty[name]; cells != nil {
		before := column
		column = emptied(before, cells)
		before.Release()
	}
	if cells := e.text[name]; cells != nil {
		before := column.(*array.String)
		texts := array.NewStringBuilder(memory.DefaultAllocator)
		column = replaced(texts, before.Len(), cells, before.IsNull, func(i int) { texts.Append(before.Value(i)) },
			func(text string) { texts.Append(text) })
		before.Release()
	}
	if cells := e.day[name]; cells != nil {
		before := column.(*array.Date32)
		days := array.NewDate32Builder(memory.DefaultAllocator)
		column = replaced(days, before.Len(), cells, before.IsNull, func(i int) { days.Append(before.Value(i)) },
			func(day time.Time) { days.Append(arrow.Date32FromTime(day)) })
		before.Release()
	}
	return column
}

// replaced is a column in which some cells have other values. It releases the builder.
func replaced[T any](
	b array.Builder, rows int, cells map[int]T, null func(i int) bool, old func(i int), set func(T),
) arrow.Array {
	defer b.Release()
	b.Reserve(rows)
	for i := range rows {
		value, ok := cells[i]
		switch {
		case ok:
			set(value)
		case null(i):
			b.AppendNull()
		default:
			old(i)
		}
	}
	return b.NewArray()
}

// emptied is a column with NULL in some cells. Their values stay in its memory, but go into no file.
func emptied(column arrow.Array, cells []bool) arrow.Array {
	data := column.Data()
	valid := make([]byte, bitutil.BytesForBits(int64(data.Offset()+data.Len())))
	nulls := 0
	for i := range data.Len() {
		if cells[i] || column.IsNull(i) {
			nulls++
			continue
		}
		bitutil.SetBit(valid, data.Offset()+i)
	}
	buffers := append([]*memory.Buffer{memory.NewBufferBytes(valid)}, data.Buffers()[1:]...)
	changed := array.NewData(data.DataType(), data.Len(), buffers, data.Children(), nulls, data.Offset())
	defer changed.Release()
	return array.MakeFromData(changed)
}
