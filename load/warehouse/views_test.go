package warehouse

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"m365lake/internal/duck"
	"m365lake/internal/quote"
	"m365lake/load/lake"
	"m365lake/load/lake/laketest"
)

func TestViews(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.run()
	h.expect("SELECT comment FROM duckdb_views() WHERE view_name = 'names'", []any{"Names; of people"})
	h.expect(
		"SELECT comment FROM duckdb_columns() WHERE table_name = 'names' AND column_name = 'name'",
		[]any{"A name"},
	)
	foreign := filepath.Join(h.Exports, "mine.parquet")
	export, err := os.ReadFile(
		filepath.Join(h.Lake.Dir, lake.PartitionPath(laketest.Users, []string{laketest.TenantA})),
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(foreign, export, 0o600); err != nil {
		t.Fatal(err)
	}

	h.SQL = fstest.MapFS{"views/1.sql": {Data: []byte("CREATE VIEW \"a name's\" AS SELECT name FROM users")}}
	if r := h.run(); r.Views != 1 {
		t.Errorf("%+v", r)
	}
	h.expect("SELECT view_name FROM duckdb_views() WHERE NOT internal", []any{"a name's"})
	h.expect("SELECT function_name FROM duckdb_functions() WHERE NOT internal")
	exported, _ := filepath.Glob(filepath.Join(h.Exports, "*"))
	if want := []string{filepath.Join(h.Exports, "a name's.parquet"), foreign}; !slices.Equal(exported, want) {
		t.Errorf("exports are %v, want %v", exported, want)
	}
	h.expect("FROM read_parquet("+quote.Literal(exported[0])+")", []any{"Ann"})

	// What somebody did to the views of the published file is gone with the next build.
	published, err := duck.Open(duck.File{Path: h.Path, Name: databaseName}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = published.Exec(`CREATE VIEW own AS SELECT 1 AS x; CREATE MACRO twice(a) AS 2 * a;
		CREATE OR REPLACE VIEW "a name's" AS SELECT 'nobody' AS name`)
	if err := errors.Join(err, published.Close()); err != nil {
		t.Fatal(err)
	}
	if r := h.run(); r.Views != 1 || r.Rebuilt {
		t.Errorf("%+v", r)
	}
	h.expect("SELECT view_name FROM duckdb_views() WHERE NOT internal", []any{"a name's"})
	h.expect("SELECT function_name FROM duckdb_functions() WHERE NOT internal")
	h.expect(`FROM "a name's"`, []any{"Ann"})

	h.SQL = fstest.MapFS{"views/1.sql": {Data: []byte("CREATE VIEW broken AS\nSELECT nothing FROM users")}}
	h.fails("sql/views/1.sql", "nothing")
	h.SQL = fstest.MapFS{"views/1.sql": {Data: []byte("CREATE VIEW late AS SELECT error('too late') AS x FROM users")}}
	h.fails("late.parquet", "too late")
	h.expect("SELECT view_name FROM duckdb_views() WHERE NOT internal", []any{"a name's"})
}
