package column

import (
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Values appends values of a fixed width. They are gathered in a slice that is used again for every batch,
// and copied to Arrow's buffer at once: to call a builder of arrow-go for each value takes a third longer
// for a whole report.
type Values[T number] struct {
	rows
	values   []T
	constant *T
}

// number is what stands in a buffer of Arrow as it does in a slice.
type number interface {
	~int32 | ~int64 | ~float64
	arrow.FixedWidthType
}

// Append gives the row the value.
func (c *Values[T]) Append(value T) {
	row := c.take()
	if row >= len(c.values) {
		c.values = grown(c.values, row+1, c.writer.expected)
	}
	c.values[row] = value
}

// AppendPointer gives the row the value that it points to; nil is NULL.
func (c *Values[T]) AppendPointer(value *T) {
	if value != nil {
		c.Append(*value)
	}
}

// Fill gives every row of this batch and of the later ones the value. The column must get no other.
func (c *Values[T]) Fill(value T) { c.constant = &value }

func (c *Values[T]) copyValue(from arrow.Array, i int) bool {
	values, ok := from.(interface{ Value(i int) T })
	if ok {
		c.Append(values.Value(i))
	}
	return ok
}

func (c *Values[T]) finish(mem memory.Allocator, n int) arrow.Array {
	c.values = grown(c.values, n, n)
	if c.constant != nil {
		for i := range n {
			c.values[i] = *c.constant
		}
		c.takeAll(n)
	}
	return c.newArray(mem, n, packed(mem, c.values[:n]))
}

// newArray returns an array of the first n rows whose values stand in a buffer, which it takes over.
func (r *rows) newArray(mem memory.Allocator, n int, values *memory.Buffer) arrow.Array {
	valid, nulls := r.validity(mem, n)
	dataType := r.writer.table.Columns[r.column].Type.Arrow
	data := array.NewData(dataType, n, []*memory.Buffer{valid, values}, nil, nulls, 0)
	defer data.Release()
	valid.Release()
	values.Release()
	return array.MakeFromData(data)
}

// Boolean appends to a column of the type schemas.Boolean.
type Boolean struct {
	rows
	values bitmap
}

// Append gives the row the value.
func (c *Boolean) Append(value bool) {
	row := c.take()
	c.values = grown(c.values, row>>3+1, len(c.valid))
	if value {
		c.values.set(row)
	}
}

// AppendPointer gives the row the value that it points to; nil is NULL.
func (c *Boolean) AppendPointer(value *bool) {
	if value != nil {
		c.Append(*value)
	}
}

func (c *Boolean) copyValue(from arrow.Array, i int) bool {
	flags, ok := from.(*array.Boolean)
	if ok {
		c.Append(flags.Value(i))
	}
	return ok
}

func (c *Boolean) finish(mem memory.Allocator, n int) arrow.Array {
	return c.newArray(mem, n, c.values.cut(mem, n))
}

// Key appends to a column of the type schemas.Key.
type Key struct{ Values[int32] }

// Integer appends to a column of the type schemas.Integer.
type Integer struct{ Values[int64] }

// Number appends to a column of the type schemas.Number.
type Number struct{ Values[float64] }

// Date appends to a column of the type schemas.Date.
type Date struct{ Values[arrow.Date32] }

// AppendDay gives the row the day of a time in its own zone; the zero time is NULL.
func (c *Date) AppendDay(day time.Time) {
	if !day.IsZero() {
		c.Append(arrow.Date32FromTime(day))
	}
}

// AppendDayPointer is AppendDay of what it points to; nil is NULL.
func (c *Date) AppendDayPointer(day *time.Time) {
	if day != nil {
		c.AppendDay(*day)
	}
}

// Timestamp appends to a column of the type schemas.Timestamp.
type Timestamp struct{ Values[arrow.Timestamp] }

// AppendTime gives the row the time, to the microsecond; the zero time is NULL.
func (c *Timestamp) AppendTime(at time.Time) {
	if !at.IsZero() {
		c.Append(arrow.Timestamp(at.UnixMicro()))
	}
}

// AppendTimePointer is AppendTime of what it points to; nil is NULL.
func (c *Timestamp) AppendTimePointer(at *time.Time) {
	if at != nil {
		c.AppendTime(*at)
	}
}
