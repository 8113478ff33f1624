package lake

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/schemas"
)

const (
	TenantColumn = "tenant_id"
	lakeFile     = "part.parquet"
)

// tenantIDs are the ids that can be folder names on every system; Entra's are GUIDs.
var tenantIDs = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$`)

func checkTenant(id string) error {
	if !tenantIDs.MatchString(id) {
		return fmt.Errorf("tenant id %q is not one: it takes letters, digits, dots, hyphens and underscores, and begins with a letter or digit", id)
	}
	return nil
}

// partitionColumns are the columns that make the folders of a table's files.
func PartitionColumns(table *schemas.Table) []string {
	return append([]string{TenantColumn}, table.Partition...)
}

// partitionPath is the path of a lake file within the lake; values are those of partitionColumns.
func PartitionPath(table *schemas.Table, values []string) string {
	path := table.Name
	for i, column := range PartitionColumns(table) {
		path = filepath.Join(path, column+"="+escape(values[i]))
	}
	return filepath.Join(path, lakeFile)
}

// escape percent-encodes what Hive encodes in folder names, and the characters DuckDB would take
// for a glob.
func escape(value string) string {
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; c < ' ' || c == 0x7f || strings.IndexByte("\"#%'*/:=?\\{}[]^", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func unescape(name string) (string, error) {
	if !strings.Contains(name, "%") {
		return name, nil
	}
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] != '%' {
			b.WriteByte(name[i])
			continue
		}
		var c byte
		if i+2 >= len(name) {
			return "", fmt.Errorf("%q ends within an escape", name)
		}
		if _, err := fmt.Sscanf(name[i+1:i+3], "%02x", &c); err != nil {
			return "", fmt.Errorf("%q has a bad escape", name)
		}
		b.WriteByte(c)
		i += 2
	}
	return b.String(), nil
}

// checkBatch holds a batch to its table and partition. The warehouse replaces a partition by its
// values, so a row in the wrong file would be there for ever.
func checkBatch(batch schemas.Batch, values []string) error {
	table := batch.Table
	if int(batch.Rows.NumCols()) != len(table.Columns) {
		return fmt.Errorf("batch has %d columns, the table %d", batch.Rows.NumCols(), len(table.Columns))
	}
	for i, c := range table.Columns {
		if got := batch.Rows.Column(i).DataType(); batch.Rows.ColumnName(i) != c.Name || !arrow.TypeEqual(got, c.Type.Arrow) {
			return fmt.Errorf("column %d of the batch is %s %s, of the table %s %s", i+1, batch.Rows.ColumnName(i), got, c.Name, c.Type.Arrow)
		}
	}
	for i, name := range PartitionColumns(table) {
		// Hive would call such a folder __HIVE_DEFAULT_PARTITION__ and read NULL from it.
		if values[i] == "" {
			return fmt.Errorf("the value of partition column %s is empty", name)
		}
		column := batch.Rows.Column(table.Column(name))
		if row := firstOther(column, values[i]); row >= 0 {
			return fmt.Errorf("row %d has %s %s and does not belong to partition %s", row+1, name, column.ValueStr(row), values[i])
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
