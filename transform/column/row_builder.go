package column

import (
	"errors"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/schemas"
)

// rowBuilder makes batches of a directory table row by row. The usage reports, where the volume
// is, have builders of their own.
type RowBuilder struct {
	table     *schemas.Table
	Partition []string
	builder   *array.RecordBuilder
	rows      int
}

func NewRowBuilder(table *schemas.Table, mem memory.Allocator, partition ...string) *RowBuilder {
	return &RowBuilder{table: table, Partition: partition, builder: array.NewRecordBuilder(mem, table.ArrowSchema())}
}

func (b *RowBuilder) Release() { b.builder.Release() }

// full says that it is time for a batch.
func (b *RowBuilder) full() bool { return b.rows >= BatchRows }

// batch hands out the rows so far and begins anew. The receiver releases Rows.
func (b *RowBuilder) batch() schemas.Batch {
	b.rows = 0
	return schemas.Batch{Table: b.table, Partition: b.Partition, Rows: b.builder.NewRecordBatch()}
}

// add appends one row, a value for each column in the table's order. A nil pointer, nil or a zero
// time is NULL.
func (b *RowBuilder) Add(values ...any) {
	if len(values) != len(b.table.Columns) {
		panic(fmt.Sprintf("transform: %d values for the %d columns of %s", len(values), len(b.table.Columns), b.table.Name))
	}
	for i, v := range values {
		b.append(b.builder.Field(i), v, i)
	}
	b.rows++
}

func (b *RowBuilder) append(field array.Builder, value any, column int) {
	switch v := value.(type) {
	case nil:
		field.AppendNull()
		return
	case *string:
		appendPointer(b, field, v, column)
		return
	case *bool:
		appendPointer(b, field, v, column)
		return
	case *int64:
		appendPointer(b, field, v, column)
		return
	case *time.Time:
		appendPointer(b, field, v, column)
		return
	}
	var ok bool
	switch f := field.(type) {
	case *array.StringBuilder:
		var text string
		if text, ok = value.(string); ok {
			f.Append(text)
		}
	case *array.BooleanBuilder:
		var flag bool
		if flag, ok = value.(bool); ok {
			f.Append(flag)
		}
	case *array.Int32Builder:
		var key int32
		if key, ok = value.(int32); ok {
			f.Append(key)
		}
	case *array.Int64Builder:
		var number int64
		if number, ok = value.(int64); ok {
			f.Append(number)
		}
	case *array.Float64Builder:
		var number float64
		if number, ok = value.(float64); ok {
			f.Append(number)
		}
	case *array.Date32Builder:
		ok = appendDate(f, value)
	case *array.TimestampBuilder:
		var t time.Time
		if t, ok = value.(time.Time); ok && t.IsZero() {
			f.AppendNull()
		} else if ok {
			f.Append(arrow.Timestamp(t.UnixMicro()))
		}
	case *array.ListBuilder:
		var list []string
		if list, ok = value.([]string); ok {
			f.Append(true)
			for _, text := range list {
				f.ValueBuilder().(*array.StringBuilder).Append(text)
			}
		}
	}
	if !ok {
		panic(fmt.Sprintf("transform: %T does not fit column %s.%s", value, b.table.Name, b.table.Columns[column].Name))
	}
}

// appendPointer appends what v points to, NULL if that is nothing.
func appendPointer[T any](b *RowBuilder, field array.Builder, v *T, column int) {
	if v == nil {
		field.AppendNull()
	} else {
		b.append(field, *v, column)
	}
}

func appendDate(f *array.Date32Builder, value any) bool {
	switch v := value.(type) {
	case arrow.Date32:
		f.Append(v)
	case time.Time:
		if v.IsZero() {
			f.AppendNull()
		} else {
			f.Append(arrow.Date32FromTime(v))
		}
	default:
		return false
	}
	return true
}

// copyRow appends row i of a batch of the same table, with another date in column at.
func (b *RowBuilder) CopyRow(from arrow.RecordBatch, i, at int, date any) error {
	for c, column := range from.Columns() {
		if c == at {
			b.append(b.builder.Field(c), date, c)
		} else if err := b.copyCell(c, column, i); err != nil {
			return err
		}
	}
	b.rows++
	return nil
}

// copyCell appends value i of another table's column to column c, which is of the same type.
func (b *RowBuilder) copyCell(c int, column arrow.Array, i int) error {
	field := b.builder.Field(c)
	if column.IsNull(i) {
		field.AppendNull()
		return nil
	}
	switch a := column.(type) {
	case *array.String:
		field.(*array.StringBuilder).Append(a.Value(i))
	case *array.Boolean:
		field.(*array.BooleanBuilder).Append(a.Value(i))
	case *array.Int32:
		field.(*array.Int32Builder).Append(a.Value(i))
	case *array.Int64:
		field.(*array.Int64Builder).Append(a.Value(i))
	case *array.Date32:
		field.(*array.Date32Builder).Append(a.Value(i))
	case *array.Timestamp:
		field.(*array.TimestampBuilder).Append(a.Value(i))
	case *array.List:
		texts, isText := a.ListValues().(*array.String)
		if !isText {
			return b.cannotCarry(c, column)
		}
		list := field.(*array.ListBuilder)
		list.Append(true)
		for j, end := a.ValueOffsets(i); j < end; j++ {
			list.ValueBuilder().(*array.StringBuilder).Append(texts.Value(int(j)))
		}
	default:
		return b.cannotCarry(c, column)
	}
	return nil
}

func (b *RowBuilder) cannotCarry(c int, column arrow.Array) error {
	return fmt.Errorf("%s.%s: cannot carry over a %s", b.table.Name, b.table.Columns[c].Name, column.DataType())
}

// beginVersion appends a version that begins on a day.
func (b *RowBuilder) BeginVersion(columns []arrow.Array, i int, day arrow.Date32) error {
	for c, column := range columns {
		if err := b.copyCell(c, column, i); err != nil {
			return err
		}
	}
	b.append(b.builder.Field(len(columns)), day, len(columns))
	b.builder.Field(len(columns) + 1).AppendNull()
	b.rows++
	return nil
}

// yieldRest hands out the last batch of a table, also when it is empty: an empty file says that
// there are none.
func YieldRest(yield func(schemas.Batch, error) bool, rows *RowBuilder) bool {
	b := rows.batch()
	defer b.Rows.Release()
	return yield(b, nil)
}

func TextOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// errStopped says that the receiver of batches wants no more.
var ErrStopped = errors.New("stopped")

func YieldFull(yield func(schemas.Batch, error) bool, rows *RowBuilder) bool {
	return !rows.full() || YieldRest(yield, rows)
}
