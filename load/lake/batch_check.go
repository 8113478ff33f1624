package lake

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"

	"m365lake/schemas"
)

// checkBatch checks that a batch fits its table and partition. The warehouse deletes the rows of a partition by
// their values, so it would never delete a row that is in the wrong file.
func checkBatch(batch schemas.Batch, values []string) error {
	table := batch.Table
	if int(batch.Rows.NumCols()) != len(table.Columns) {
		return fmt.Errorf("batch has %d columns, the table %d", batch.Rows.NumCols(), len(table.Columns))
	}
	for i, c := range table.Columns {
		if got := batch.Rows.Column(i).DataType(); batch.Rows.ColumnName(i) != c.Name ||
			!arrow.TypeEqual(got, c.Type.Arrow) {
			return fmt.Errorf("column %d of the batch is %s %s, of the table %s %s",
				i+1, batch.Rows.ColumnName(i), got, c.Name, c.Type.Arrow)
		}
	}
	for i, name := range PartitionColumns(table) {
		// Hive would call such a folder __HIVE_DEFAULT_PARTITION__ and read NULL from it.
		if values[i] == "" {
			return fmt.Errorf("the value of partition column %s is empty", name)
		}
		column := batch.Rows.Column(table.Column(name))
		if row := firstOther(column, values[i]); row >= 0 {
			return fmt.Errorf("row %d has %s %s and does not belong to partition %s",
				row+1, name, column.ValueStr(row), values[i])
		}
	}
	return nil
}

// firstOther is the first row of the column that is not the partition's value, or -1.
func firstOther(column arrow.Array, value string) int {
	if column.Len() == 0 {
		return -1
	}
	if column.IsNull(0) || column.ValueStr(0) != value {
		return 0
	}
	nulls := nullsOf(column)
	same := func(i int) bool { return column.ValueStr(i) == value }
	switch column := column.(type) {
	case *array.String:
		same = func(i int) bool { return column.Value(i) == value }
	case *array.Date32:
		same = func(i int) bool { return column.Value(i) == column.Value(0) }
	case *array.Int64:
		same = func(i int) bool { return column.Value(i) == column.Value(0) }
	}
	for i := range column.Len() {
		if nulls.at(i) || !same(i) {
			return i
		}
	}
	return -1
}

// nulls tells which rows of a column are NULL without a call through the Array interface for each.
type nulls struct {
	valid  []byte
	offset int
}

func nullsOf(column arrow.Array) nulls {
	if column.NullN() == 0 {
		return nulls{}
	}
	return nulls{column.NullBitmapBytes(), column.Data().Offset()}
}

func (n nulls) at(i int) bool { return n.valid != nil && bitutil.BitIsNotSet(n.valid, n.offset+i) }
