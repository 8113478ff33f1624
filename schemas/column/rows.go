package column

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// rows is what all appenders have: which rows of the batch have a value.
type rows struct {
	writer *Writer
	column int
	valid  bitmap // by row
	count  int    // rows with a value
	next   int    // the first row behind the last one with a value
}

// take marks the row in the making as one with a value and returns its number.
func (r *rows) take() int {
	row := r.writer.rows
	if row < r.next || row>>3 >= len(r.valid) {
		r.makeRoom(row)
	}
	r.valid.set(row)
	r.count++
	r.next = row + 1
	return row
}

func (r *rows) makeRoom(row int) {
	if row < r.next {
		table := r.writer.table
		panic(fmt.Sprintf("column: %s.%s gets a second value in one row", table.Name, table.Columns[r.column].Name))
	}
	r.valid = grown(r.valid, row>>3+1, (r.writer.expected+7)/8)
}

// takeAll marks the first n rows as rows with a value.
func (r *rows) takeAll(n int) {
	r.valid = grown(r.valid, (n+7)/8, 0)
	for row := range n {
		r.valid.set(row)
	}
	r.count = n
}

// validity returns which of the first n rows have a value, in Arrow's form, and how many have none. It
// begins anew.
func (r *rows) validity(mem memory.Allocator, n int) (valid *memory.Buffer, nulls int) {
	nulls = n - r.count
	r.count, r.next = 0, 0
	return r.valid.cut(mem, n), nulls
}

// A bitmap has a bit for each row, in Arrow's order.
type bitmap []byte

func (b bitmap) set(row int) { b[row>>3] |= 1 << (row & 7) }

// cut returns a buffer with the first n bits, and clears them.
func (b *bitmap) cut(mem memory.Allocator, n int) *memory.Buffer {
	*b = grown(*b, (n+7)/8, 0)
	bytes := (*b)[:(n+7)/8]
	buffer := packed(mem, []byte(bytes))
	clear(bytes)
	return buffer
}

// grown returns the slice, lengthened so that n elements fit, and expected ones at once.
func grown[S ~[]T, T any](s S, n, expected int) S {
	if n <= len(s) {
		return s
	}
	return append(s, make(S, max(n, expected, 2*len(s))-len(s))...)
}

// packed returns a buffer with a copy of the values.
func packed[T arrow.FixedWidthType](mem memory.Allocator, values []T) *memory.Buffer {
	b := memory.NewResizableBuffer(mem)
	bytes := arrow.GetBytes(values)
	b.Resize(len(bytes))
	copy(b.Bytes(), bytes)
	return b
}
