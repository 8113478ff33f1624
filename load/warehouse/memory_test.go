package warehouse

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"m365lake/load/lake"
	"m365lake/schemas"
)

func TestDoubled(t *testing.T) {
	for limit, want := range map[string]string{"128MB": "256MB", "2GB": "4GB", "1GiB": "2GiB", "much": "much", "": ""} {
		if got := doubled(limit); got != want {
			t.Errorf("doubled(%q) is %q instead of %q", limit, got, want)
		}
	}
}

// A view that needs more than the memory limit does not cost the night's warehouse.
func TestBuildTakesTheMemoryItNeeds(t *testing.T) {
	dir := t.TempDir()
	b := Build{
		Lake: lake.Lake{
			Dir: filepath.Join(dir, "lake"),
		}, Path: filepath.Join(dir, "warehouse.duckdb"), Exports: filepath.Join(dir, "exports"),
		MemoryLimit: "24MB", Threads: 1, tables: []*schemas.Table{&schemas.Users},
		// Lists cannot be spilled to disk.
		SQL: fstest.MapFS{
			"views/big.sql": {Data: []byte("CREATE VIEW big AS SELECT len(list(range)) AS n FROM range(5000000)")},
		},
	}
	result, err := b.Run(t.Context())
	if err != nil || result.Views != 1 {
		t.Fatalf("%+v, %v", result, err)
	}
	b.SQL = fstest.MapFS{
		"views/big.sql": {Data: []byte("CREATE VIEW big AS SELECT len(list(range)) AS n FROM range(500000000)")},
	}
	if _, err = b.Run(t.Context()); !outOfMemory(err) ||
		!strings.Contains(err.Error(), "needs more memory than 192MB; raise duckdb.memory") {
		t.Errorf("a view beyond all limits: %v", err)
	}
}
