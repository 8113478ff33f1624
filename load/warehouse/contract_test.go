package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"

	"m365lake/internal/quote"
	"m365lake/load/lake"
	"m365lake/load/lake/laketest"
	"m365lake/schemas"
	"m365lake/schemas/catalog"
)

// patterns say which rows are NULL. The blocks of 64 are those in which a Parquet
// writer once wrote NULLs as zeros.
var patterns = map[string]func(i, n int) bool{
	"none null":   func(i, n int) bool { return false },
	"all null":    func(i, n int) bool { return true },
	"alternating": func(i, n int) bool { return i%2 == 0 },
	"first":       func(i, n int) bool { return i == 0 },
	"last":        func(i, n int) bool { return i == n-1 },
	"one set":     func(i, n int) bool { return i%64 != 1 },
	"run of set":  func(i, n int) bool { return i%64 < 10 || i%64 >= 20 },
	"halves":      func(i, n int) bool { return i%128 < 64 },
}

var (
	contractTexts = []string{"", "a", "Zoë Žižek, 日本語 🦆", "quote ' \" \\ \n\t", strings.Repeat("long ", 200), "\x00"}
	contractLists = [][]any{{}, {"a"}, {nil}, {"", nil, "ü"}, {nil, nil, "z", ""}, {"x", "y"}}
)

// valueOf is the Go value of row i in a column, as any of the readers must give it back.
func valueOf(column schemas.Column, i int) any {
	switch column.Type.Name {
	case schemas.Text.Name:
		texts := contractTexts
		return fmt.Sprint(texts[i%len(texts)], i/len(texts)%3000)[:len(texts[i%len(texts)])+min(1, i%2)]
	case schemas.TextList.Name:
		return contractLists[i%len(contractLists)]
	case schemas.Boolean.Name:
		return i%3 == 0
	case schemas.Date.Name:
		days := []int32{0, -1, 20_000, -700_000, 2_900_000, int32(i)}
		return laketest.Day(days[i%len(days)])
	case schemas.Timestamp.Name:
		micros := []int64{0, -1, 1_700_000_000_123_456, -62_135_596_800_000_000, 253_402_300_799_999_999, int64(i)}
		return time.UnixMicro(micros[i%len(micros)]).UTC()
	case schemas.Key.Name:
		return []int32{0, 1, -1, math.MaxInt32, math.MinInt32, int32(i)}[i%6]
	case schemas.Integer.Name:
		return []int64{0, 1, -1, math.MaxInt64, math.MinInt64, int64(i)}[i%6]
	case schemas.Number.Name:
		return []float64{0, math.Copysign(0, -1), 0.1, math.Inf(1), math.MaxFloat64, -float64(i)}[i%6]
	}
	panic("the contract test does not know type " + column.Type.Name)
}

// relaxed is the table without NOT NULL and without partitions, so that every column can be NULL.
func relaxed(table *schemas.Table) *schemas.Table {
	copied := *table
	copied.Partition, copied.Key = nil, []string{lake.TenantColumn}
	copied.Columns = slices.Clone(table.Columns)
	for i := range copied.Columns {
		copied.Columns[i].Required = false
	}
	return &copied
}

// everyType is a table with a column of every type, three times, so that neighbours differ.
func everyType() *schemas.Table {
	table := &schemas.Table{
		Name:    "every_type",
		Columns: []schemas.Column{{Name: lake.TenantColumn, Type: schemas.Text}},
	}
	for i := range 3 {
		for _, typ := range []schemas.Type{
			schemas.Text, schemas.TextList, schemas.Boolean, schemas.Date,
			schemas.Timestamp, schemas.Key, schemas.Integer, schemas.Number,
		} {
			name := fmt.Sprintf("%s %d", typ.Name, i)
			table.Columns = append(table.Columns, schemas.Column{Name: name, Type: typ, Doc: name})
		}
	}
	return table
}

// TestContract holds Arrow, Parquet and DuckDB to what a table says, value by value.
func TestContract(t *testing.T) {
	const rows = 400
	tables := []*schemas.Table{everyType()}
	for _, table := range catalog.Tables() {
		tables = append(tables, relaxed(table))
	}
	db := scratchDB(t)
	for _, table := range tables {
		t.Run(table.Name, func(t *testing.T) {
			createTable(t, db, table)
			for name, null := range patterns {
				t.Run(name, func(t *testing.T) { contract(t, db, table, rows, null) })
			}
		})
	}
}

// TestContractManyRows goes beyond a row group, and a dictionary.
func TestContractManyRows(t *testing.T) {
	table := &schemas.Table{Name: "many", Columns: []schemas.Column{
		{
			Name: lake.TenantColumn,
			Type: schemas.Text,
		}, {Name: "text", Type: schemas.Text}, {Name: "key", Type: schemas.Key}, {Name: "list", Type: schemas.TextList},
	}}
	db := scratchDB(t)
	createTable(t, db, table)
	contract(t, db, table, 2*lake.RowGroupRows+1, func(i, n int) bool { return i%64 != 1 && i < n/2 })
}

func scratchDB(t *testing.T) *sql.DB {
	t.Helper()
	db, err := openNext(filepath.Join(t.TempDir(), "scratch"), "512MB", 2)
	if err != nil {
		t.Fatal(err)
	}
	// The warehouse has no order to keep, but rows are compared in that of the file.
	if _, err := db.Exec("SET preserve_insertion_order = true"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// createTable makes a table by its DDL, once for all patterns: most of the time goes into the comments.
func createTable(t *testing.T, db *sql.DB, table *schemas.Table) {
	t.Helper()
	statements := slices.Concat([]string{"BEGIN", table.CreateTable()}, table.Comments(), []string{"COMMIT"})
	if _, err := db.Exec(strings.Join(statements, ";\n")); err != nil {
		t.Fatalf("%s: %v", table.Name, err)
	}
}

// contract writes rows and reads them back by every route. The database has the table, empty, and keeps it so.
func contract(t *testing.T, db *sql.DB, table *schemas.Table, rows int, null func(i, n int) bool) {
	t.Helper()
	expected := make([][]any, rows)
	for i := range expected {
		expected[i] = []any{laketest.Tenant}
		for _, column := range table.Columns[1:] {
			switch {
			case null(i, rows):
				expected[i] = append(expected[i], nil)
			case rows > 10_000 && column.Type.Name == schemas.Text.Name:
				expected[i] = append(expected[i], fmt.Sprintf("%08d-%040d", i, i))
			default:
				expected[i] = append(expected[i], valueOf(column, i))
			}
		}
	}
	typed := lake.Lake{Dir: t.TempDir()}
	allocator := memory.NewCheckedAllocator(memory.DefaultAllocator)
	b := array.NewRecordBuilder(allocator, table.ArrowSchema())
	var batches []arrow.RecordBatch
	for i, row := range expected {
		for c, value := range row {
			laketest.Append(b.Field(c), value)
		}
		if (i+1)%333 == 0 && rows < 10_000 || i+1 == rows {
			batches = append(batches, b.NewRecordBatch())
		}
	}
	// Slices have offsets, which readers of raw buffers forget.
	first := batches[0]
	batches = slices.Concat([]arrow.RecordBatch{first.NewSlice(0, 7), first.NewSlice(7, first.NumRows())}, batches[1:])
	first.Release()
	b.Release()
	counts, err := typed.Write(t.Context(), laketest.Tenant, laketest.Stream(table, nil, batches...))
	if err != nil {
		t.Fatal(err)
	}
	for _, batch := range batches {
		batch.Release()
	}
	allocator.AssertSize(t, 0)
	if counts[table.Name] != int64(rows) {
		t.Errorf("Write says %d rows, want %d", counts[table.Name], rows)
	}
	path := filepath.Join(typed.Dir, lake.PartitionPath(table, []string{laketest.Tenant}))

	compare(t, "pqarrow", expected, throughArrow(t, path, table))
	compare(t, "Lake.Read", expected, throughLake(t, typed, table))
	fromFile := "FROM read_parquet(" + quote.Literal(path) + ", hive_partitioning = false)"
	compare(t, "read_parquet", expected, throughDuckDB(t, db, table, fromFile))
	name := quote.Identifier(table.Name)
	if _, err := db.Exec("INSERT INTO " + name + " " + fromFile); err != nil {
		t.Fatal(err)
	}
	compare(t, "DDL", expected, throughDuckDB(t, db, table, "FROM "+name))
	if _, err := db.Exec("TRUNCATE " + name); err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, route string, expected, got [][]any) {
	t.Helper()
	if len(got) != len(expected) {
		t.Errorf("%s: %d rows, want %d", route, len(got), len(expected))
		return
	}
	for i := range expected {
		if !slices.EqualFunc(expected[i], got[i], sameValue) {
			t.Errorf("%s: row %d (-want +got):\n%s", route, i, cmp.Diff(expected[i], got[i]))
			return
		}
	}
}

// sameValue is reflect.DeepEqual of two cells, which costs most of the test where nothing differs.
func sameValue(a, b any) bool {
	switch a.(type) {
	case nil, string, bool, int32, int64, float64:
		return a == b
	default:
		return reflect.DeepEqual(a, b)
	}
}

// throughArrow reads the whole file with arrow-go, without the lake.
func throughArrow(t *testing.T, path string, table *schemas.Table) (got [][]any) {
	t.Helper()
	raw, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if hash := *raw.MetaData().KeyValueMetadata().FindValue(lake.SchemaHashKey); hash != table.Hash() {
		t.Errorf("file says schema %s", hash)
	}
	reader, err := pqarrow.NewFileReader(raw, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	read, err := reader.ReadTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer read.Release()
	for i, c := range table.Columns {
		field := read.Schema().Field(i)
		if field.Name != c.Name || field.Type.ID() != c.Type.Arrow.ID() || !field.Nullable {
			t.Errorf("file has column %d %v, the table %s %s", i, field, c.Name, c.Type.Arrow)
		}
	}
	records := array.NewTableReader(read, 0)
	defer records.Release()
	for records.Next() {
		got = append(got, laketest.Rows(records.RecordBatch())...)
	}
	return got
}

func throughLake(t *testing.T, typed lake.Lake, table *schemas.Table) (got [][]any) {
	t.Helper()
	for batch, err := range typed.Read(t.Context(), table, laketest.Tenant) {
		if err != nil {
			t.Fatal(err)
		}
		if !batch.Schema().Equal(table.ArrowSchema()) {
			t.Errorf("Lake.Read gives %v, the table %v", batch.Schema(), table.ArrowSchema())
		}
		got = append(got, laketest.Rows(batch)...)
	}
	return got
}

// throughDuckDB reads by a query, whose columns must have the types of the table.
func throughDuckDB(t *testing.T, db *sql.DB, table *schemas.Table, query string) (got [][]any) {
	t.Helper()
	described := queryAll(t, db, "SELECT column_name, column_type FROM (DESCRIBE "+query+")")
	for i, c := range table.Columns {
		typ := strings.Replace(c.Type.DuckDB, "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE", 1)
		if diff := cmp.Diff([]any{c.Name, typ}, described[i]); diff != "" {
			t.Errorf("%s: column %d: %s", query, i, diff)
		}
	}
	return queryAll(t, db, query)
}

func queryAll(t testing.TB, db *sql.DB, query string, args ...any) (all [][]any) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		all = append(all, values)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}
