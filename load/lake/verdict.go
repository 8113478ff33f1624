package lake

import (
	"context"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/compute"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/schemas"
)

// ForgottenName is the sign-in name of somebody who was forgotten. The row stays in users so that the
// key is never given to another.
func ForgottenName(key int32) string { return fmt.Sprintf("forgotten-%d", key) }

// forgottenID is a user id that is nobody's: Entra's are random.
func forgottenID(key int32) string { return fmt.Sprintf("00000000-0000-0000-0000-%012d", key) }

// withheldNote stands in place of a message that named somebody who was forgotten.
const withheldNote = "(withheld: named a person who was forgotten)"

// A verdict says what is to become of the rows of a batch.
type verdict struct {
	drop    []bool
	bury    []bool            // rows of users that become nobody's
	empty   map[string][]bool // cells that become NULL, by column
	note    map[string][]bool // cells that become withheldNote
	removed int64
	emptied int64
}

func newVerdict(n int) *verdict {
	return &verdict{drop: make([]bool, n), bury: make([]bool, n), empty: map[string][]bool{}, note: map[string][]bool{}}
}

func (v *verdict) mark(cells map[string][]bool, column string, i, n int) {
	if cells[column] == nil {
		cells[column] = make([]bool, n)
	}
	cells[column][i] = true
}

// apply makes a whole batch what the verdict says. The caller releases it.
func (v *verdict) apply(ctx context.Context, rows arrow.RecordBatch, table *schemas.Table, day time.Time) (arrow.RecordBatch, error) {
	columns := make([]arrow.Array, rows.NumCols())
	defer func() {
		for _, c := range columns {
			if c != nil {
				c.Release()
			}
		}
	}()
	for c, field := range rows.Schema().Fields() {
		columns[c] = v.column(rows, field.Name, rows.Column(c), table, day)
	}
	changed := array.NewRecordBatch(rows.Schema(), columns, rows.NumRows())
	defer changed.Release()
	keep := array.NewBooleanBuilder(memory.DefaultAllocator)
	defer keep.Release()
	for _, drop := range v.drop {
		keep.Append(!drop)
	}
	mask := keep.NewBooleanArray()
	defer mask.Release()
	return compute.FilterRecordBatch(ctx, changed, mask, compute.DefaultFilterOptions())
}

func (v *verdict) column(rows arrow.RecordBatch, name string, column arrow.Array, table *schemas.Table, day time.Time) arrow.Array {
	if table.Name == schemas.Users.Name {
		if buried := v.buried(rows, name, column, day); buried != nil {
			return buried
		}
	}
	if cells := v.note[name]; cells != nil {
		return replaced(column.(*array.String), cells, func(int) string { return withheldNote })
	}
	if cells := v.empty[name]; cells != nil {
		return emptied(column, cells)
	}
	column.Retain()
	return column
}

// buried is a column of users in which nothing is left of who was buried but the key and the day.
func (v *verdict) buried(rows arrow.RecordBatch, name string, column arrow.Array, day time.Time) arrow.Array {
	switch name {
	case "tenant_id", "user_key":
		return nil
	case "user_id":
		return replaced(column.(*array.String), v.bury, func(i int) string { return forgottenID(keyAt(rows, "user_key", i)) })
	case "user_principal_name":
		return replaced(column.(*array.String), v.bury, func(i int) string { return ForgottenName(keyAt(rows, "user_key", i)) })
	case "first_seen", "last_seen", "deleted_at":
		days := array.NewDate32Builder(memory.DefaultAllocator)
		defer days.Release()
		old := column.(*array.Date32)
		for i := range old.Len() {
			switch {
			case v.bury[i]:
				days.Append(arrow.Date32FromTime(day))
			case old.IsNull(i):
				days.AppendNull()
			default:
				days.Append(old.Value(i))
			}
		}
		return days.NewArray()
	}
	cells := make([]bool, len(v.bury))
	copy(cells, v.bury)
	for i, empty := range v.empty[name] {
		cells[i] = cells[i] || empty
	}
	return emptied(column, cells)
}

func replaced(column *array.String, cells []bool, by func(i int) string) arrow.Array {
	texts := array.NewStringBuilder(memory.DefaultAllocator)
	defer texts.Release()
	for i := range column.Len() {
		switch {
		case cells[i]:
			texts.Append(by(i))
		case column.IsNull(i):
			texts.AppendNull()
		default:
			texts.Append(column.Value(i))
		}
	}
	return texts.NewArray()
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
