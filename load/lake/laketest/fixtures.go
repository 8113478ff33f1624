package laketest

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/schemas"
)

// Small tables with what matters: users, and facts whose key does not have all partition columns.
var (
	Users = &schemas.Table{
		Name: "users", Doc: "People.", Key: []string{"tenant_id", "user_key"},
		Columns: []schemas.Column{
			{Name: "tenant_id", Type: schemas.Text, Required: true, Doc: "Tenant."},
			{Name: "user_key", Type: schemas.Key, Required: true, Doc: "User."},
			{Name: "name", Type: schemas.Text, Doc: "It's a name."},
		},
	}
	Facts = &schemas.Table{
		Name: "facts", Doc: "Facts.",
		Key: []string{"tenant_id", "day", "app", "user_key"}, Partition: []string{"day", "report"},
		Columns: []schemas.Column{
			{Name: "tenant_id", Type: schemas.Text, Required: true, Doc: "Tenant."},
			{Name: "day", Type: schemas.Date, Required: true, Doc: "Day."},
			{Name: "report", Type: schemas.Text, Required: true, Doc: "Report."},
			{Name: "app", Type: schemas.Text, Required: true, Doc: "App."},
			{Name: "user_key", Type: schemas.Key, Doc: "User."},
			{Name: "actions", Type: schemas.Integer, Doc: "Actions."},
		},
	}
)

const (
	TenantA = "aaaaaaaa-2222-4333-8444-555555555555"
	TenantB = "bbbbbbbb-2222-4333-8444-555555555555"
)

// Stream yields the batches as rows of one partition of the table. It neither retains nor releases them.
func Stream(table *schemas.Table, partition []string, batches ...arrow.RecordBatch) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		for _, b := range batches {
			if !yield(schemas.Batch{Table: table, Partition: partition, Rows: b}, nil) {
				return
			}
		}
	}
}

// Record is one record batch with these rows, each with a value (or nil for NULL) for every column of the table in
// order. The caller releases it.
func Record(table *schemas.Table, rows ...[]any) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.ArrowSchema())
	for _, row := range rows {
		for c, value := range row {
			Append(b.Field(c), value)
		}
	}
	return b.NewRecordBatch()
}

// Date is midnight UTC of a day such as 2026-08-31. It panics if the text is not one.
func Date(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

// Day is midnight UTC of the day that Arrow's date32 counts from 1970-01-01.
func Day(days int32) time.Time { return time.Unix(int64(days)*86_400, 0).UTC() }

// Append appends the value, or NULL.
func Append(b array.Builder, value any) {
	if value == nil {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(value.(string))
	case *array.BooleanBuilder:
		b.Append(value.(bool))
	case *array.Date32Builder:
		b.Append(arrow.Date32(value.(time.Time).Unix() / 86_400))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(value.(time.Time).UnixMicro()))
	case *array.Int32Builder:
		b.Append(value.(int32))
	case *array.Int64Builder:
		b.Append(value.(int64))
	case *array.Float64Builder:
		b.Append(value.(float64))
	case *array.ListBuilder:
		b.Append(true)
		for _, text := range value.([]any) {
			Append(b.ValueBuilder(), text)
		}
	default:
		panic(fmt.Sprintf("no value for %T", b))
	}
}

// Value is the Go value of a row of an Arrow array.
func Value(column arrow.Array, i int) any {
	if column.IsNull(i) {
		return nil
	}
	switch column := column.(type) {
	case *array.String:
		return column.Value(i)
	case *array.Boolean:
		return column.Value(i)
	case *array.Date32:
		return Day(int32(column.Value(i)))
	case *array.Timestamp:
		return time.UnixMicro(int64(column.Value(i))).UTC()
	case *array.Int32:
		return column.Value(i)
	case *array.Int64:
		return column.Value(i)
	case *array.Float64:
		return column.Value(i)
	case *array.List:
		list := []any{}
		start, end := column.ValueOffsets(i)
		for j := start; j < end; j++ {
			list = append(list, Value(column.ListValues(), int(j)))
		}
		return list
	}
	panic(fmt.Sprintf("no value of %T", column))
}

// Rows copies the batch's values out, row by row, NULL as nil; they outlive the batch.
func Rows(batch arrow.RecordBatch) [][]any {
	rows := make([][]any, batch.NumRows())
	for i := range rows {
		for _, column := range batch.Columns() {
			v := Value(column, i)
			if s, ok := v.(string); ok {
				v = strings.Clone(s)
			}
			rows[i] = append(rows[i], v)
		}
	}
	return rows
}
