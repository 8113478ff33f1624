// Package column makes the Arrow record batches of a table; no other package makes Arrow rows. A Writer
// has an appender for each column of its table, bound by name when the writer is set up, and grows
// the buffers for many rows at once.
package column

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/schemas"
)

// BatchRows is how many rows a batch holds: enough to make the work per batch small, few enough that a
// dozen batches at once stay far below a hundred megabytes.
const BatchRows = 16384

// A Writer makes batches of one table row by row. The appenders of a row may be called in any order; a
// column that gets no value in a row is NULL there, and a second value in one row panics. EndRow ends the
// row. What was not handed out as a batch needs no release. A Writer is not safe for concurrent use.
type Writer struct {
	table     *schemas.Table
	partition []string
	mem       memory.Allocator
	schema    *arrow.Schema
	columns   []appender
	rows      int // ended, of the batch in the making
	expected  int // how many rows a column makes room for at first
}

// An appender is a column of a Writer.
type appender interface {
	// finish hands out the first n rows, those without a value as NULL or as the constant of the column, and
	// begins anew. The caller releases the array.
	finish(mem memory.Allocator, n int) arrow.Array
	// copyValue appends value i of an array, which is not NULL. It returns false where the array has
	// another type than the column.
	copyValue(from arrow.Array, i int) bool
}

// NewWriter returns a writer of batches of the table in the partition, whose values are as they stand in
// folder names. It panics when the table has a column of a type that no appender makes.
func NewWriter(table *schemas.Table, mem memory.Allocator, partition ...string) *Writer {
	w := &Writer{
		table: table, partition: partition, mem: mem, schema: table.ArrowSchema(),
		columns: make([]appender, len(table.Columns)),
	}
	for i, c := range table.Columns {
		w.columns[i] = newAppender(c.Type, rows{writer: w, column: i})
	}
	return w
}

func newAppender(t schemas.Type, r rows) appender {
	switch t.Name {
	case schemas.Text.Name:
		return &Text{rows: r}
	case schemas.TextList.Name:
		return &Texts{rows: r}
	case schemas.Boolean.Name:
		return &Boolean{rows: r}
	case schemas.Key.Name:
		return &Key{Values[int32]{rows: r}}
	case schemas.Integer.Name:
		return &Integer{Values[int64]{rows: r}}
	case schemas.Number.Name:
		return &Number{Values[float64]{rows: r}}
	case schemas.Date.Name:
		return &Date{Values[arrow.Date32]{rows: r}}
	case schemas.Timestamp.Name:
		return &Timestamp{Values[arrow.Timestamp]{rows: r}}
	}
	panic(fmt.Sprintf("column: no appender makes a %s", t.Name))
}

// bind returns the appender of a column. It panics when the table has no such column, or one of another
// type: names and types are constants of the program, and a misspelt one must show in any test.
func bind[A appender](w *Writer, name string) A {
	i := w.table.Column(name)
	a, ok := w.columns[i].(A)
	if !ok {
		var want A
		panic(
			fmt.Sprintf(
				"column: %s.%s is a %s, not what %T appends",
				w.table.Name,
				name,
				w.table.Columns[i].Type.Name,
				want,
			),
		)
	}
	return a
}

// Text returns the appender of the column of that name, which must be of the type schemas.Text. Like the
// methods below it panics when the table has no such column or one of another type.
func (w *Writer) Text(name string) *Text { return bind[*Text](w, name) }

// Texts returns the appender of a column of the type schemas.TextList.
func (w *Writer) Texts(name string) *Texts { return bind[*Texts](w, name) }

// Boolean returns the appender of a column of the type schemas.Boolean.
func (w *Writer) Boolean(name string) *Boolean { return bind[*Boolean](w, name) }

// Key returns the appender of a column of the type schemas.Key.
func (w *Writer) Key(name string) *Key { return bind[*Key](w, name) }

// Integer returns the appender of a column of the type schemas.Integer.
func (w *Writer) Integer(name string) *Integer { return bind[*Integer](w, name) }

// Number returns the appender of a column of the type schemas.Number.
func (w *Writer) Number(name string) *Number { return bind[*Number](w, name) }

// Date returns the appender of a column of the type schemas.Date.
func (w *Writer) Date(name string) *Date { return bind[*Date](w, name) }

// Timestamp returns the appender of a column of the type schemas.Timestamp.
func (w *Writer) Timestamp(name string) *Timestamp { return bind[*Timestamp](w, name) }

// SetPartition says of which partition the next batch is, where that is known only after its rows.
func (w *Writer) SetPartition(values ...string) { w.partition = values }

// Expect makes room for that many rows at once, instead of growing to them.
func (w *Writer) Expect(rows int) { w.expected = rows }

// EndRow ends a row and begins the next one.
func (w *Writer) EndRow() { w.rows++ }

// Rows is the number of rows ended since the last batch.
func (w *Writer) Rows() int { return w.rows }

// Full reports whether it is time for a batch.
func (w *Writer) Full() bool { return w.rows >= BatchRows }

// CopyValue gives the row value i of an array in the column of that number; a NULL stays NULL. It is
// an error when the array has another type than the column.
func (w *Writer) CopyValue(column int, from arrow.Array, i int) error {
	if from.IsNull(i) || w.columns[column].copyValue(from, i) {
		return nil
	}
	return fmt.Errorf("%s.%s: cannot carry over a %s", w.table.Name, w.table.Columns[column].Name, from.DataType())
}

// CopyRow appends row i of a batch that has the columns of the table, in their order, except the
// value of one column, and does not end the row. It is an error when an array has another type than its column.
func (w *Writer) CopyRow(from arrow.RecordBatch, i, except int) error {
	for c, values := range from.Columns() {
		if c == except {
			continue
		}
		if err := w.CopyValue(c, values, i); err != nil {
			return err
		}
	}
	return nil
}

// Batch hands out the rows ended so far and begins anew. The receiver releases Rows.
func (w *Writer) Batch() schemas.Batch {
	arrays := make([]arrow.Array, len(w.columns))
	for i, c := range w.columns {
		arrays[i] = c.finish(w.mem, w.rows)
		defer arrays[i].Release()
	}
	batch := array.NewRecordBatch(w.schema, arrays, int64(w.rows))
	w.expected, w.rows = min(w.rows, BatchRows), 0
	return schemas.Batch{Table: w.table, Partition: w.partition, Rows: batch}
}

// Flush yields the rows as a batch, also when there are none: an empty file says that there are none. It
// releases the batch and returns what yield returns.
func (w *Writer) Flush(yield func(schemas.Batch, error) bool) bool {
	b := w.Batch()
	defer b.Rows.Release()
	return yield(b, nil)
}

// FlushFull yields the rows as a batch when there are enough. It returns false when the receiver wants no
// more.
func (w *Writer) FlushFull(yield func(schemas.Batch, error) bool) bool {
	return !w.Full() || w.Flush(yield)
}
