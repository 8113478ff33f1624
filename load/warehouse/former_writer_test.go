package warehouse

import (
	"os"
	"path/filepath"
	"testing"

	"m365lake/internal/quote"
	"m365lake/load/lake"
	"m365lake/load/lake/laketest"
)

// Lakes hold files that parquet-go wrote before arrow-go did. Every third row of this one is NULL.
func TestFilesOfTheFormerWriter(t *testing.T) {
	table := everyType()
	var expected [][]any
	for i := range 200 {
		row := []any{laketest.Tenant}
		for _, c := range table.Columns[1:] {
			if i%3 == 1 {
				row = append(row, nil)
			} else {
				row = append(row, valueOf(c, i))
			}
		}
		expected = append(expected, row)
	}
	content, err := os.ReadFile("testdata/by_parquet_go.parquet")
	if err != nil {
		t.Fatal(err)
	}
	typed := lake.Lake{Dir: t.TempDir()}
	path := filepath.Join(typed.Dir, lake.PartitionPath(table, []string{laketest.Tenant}))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	compare(t, "Lake.Read", expected, throughLake(t, typed, table))
	query := "FROM read_parquet(" + quote.Literal(path) + ", hive_partitioning = false)"
	compare(t, "read_parquet", expected, throughDuckDB(t, scratchDB(t), table, query))
}
