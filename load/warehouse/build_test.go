package warehouse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/internal/disk"
	"m365lake/internal/quote"
	"m365lake/load/lake"
	"m365lake/load/lake/laketest"
	"m365lake/schemas"
)

var testSQL = fstest.MapFS{
	"views/010_names.sql": {Data: []byte(`CREATE MACRO plus_one(x) AS x + 1;
CREATE OR REPLACE VIEW names AS SELECT tenant_id, plus_one(user_key) AS next_key, name FROM users;
COMMENT ON VIEW names IS 'Names; of people';
COMMENT ON COLUMN names.name IS 'A name';`)},
	"views/020_totals.sql":        {Data: []byte("CREATE OR REPLACE VIEW totals AS SELECT n.name, sum(f.actions)::BIGINT AS actions FROM facts f JOIN users n USING (tenant_id, user_key) GROUP BY ALL")},
	"checks/actions_positive.sql": {Data: []byte("-- Nobody acts a negative number of times.\nSELECT tenant_id, day, actions FROM facts WHERE actions < 0 ORDER BY ALL;")},
}

// house is a data folder and its build.
type house struct {
	*testing.T
	Build
}

func newHouse(t *testing.T) house {
	dir := t.TempDir()
	return house{t, Build{
		Lake: lake.Lake{Dir: filepath.Join(dir, "la[k]e*")}, Path: filepath.Join(dir, "ware house?#%.duckdb"), Exports: filepath.Join(dir, "exports"),
		SQL: testSQL, Version: "v1", Threads: 2, tables: []*schemas.Table{laketest.Users, laketest.Facts},
	}}
}

func (h house) write(table *schemas.Table, tenant string, partition []string, rows ...[]any) {
	h.Helper()
	if _, err := h.Lake.Write(h.Context(), tenant, laketest.Stream(table, partition, laketest.Record(table, rows...))); err != nil {
		h.Fatal(err)
	}
}

func (h house) writeUsers(tenant string, names ...string) {
	h.Helper()
	rows := make([][]any, len(names))
	for i, name := range names {
		rows[i] = []any{tenant, int32(i), name}
	}
	h.write(laketest.Users, tenant, nil, rows...)
}

// writeFacts gives the user of each index that many actions.
func (h house) writeFacts(tenant, on, report string, actions ...int64) {
	h.Helper()
	rows := make([][]any, len(actions))
	for i, n := range actions {
		rows[i] = []any{tenant, laketest.Date(on), report, report + " app", int32(i), n}
	}
	h.write(laketest.Facts, tenant, []string{on, report}, rows...)
}

func (h house) run() BuildResult {
	h.Helper()
	result, err := h.Build.Run(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	h.tidy()
	return result
}

// fails runs a build that must fail with all of the texts in one line, and leave nothing behind.
func (h house) fails(texts ...string) error {
	h.Helper()
	before, _ := os.ReadFile(h.Path)
	_, err := h.Build.Run(h.Context())
	if err == nil {
		h.Fatal("the build succeeded")
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			h.Errorf("error is %q, without %q", err, text)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		h.Errorf("error has several lines: %q", err)
	}
	if after, _ := os.ReadFile(h.Path); !bytes.Equal(before, after) {
		h.Error("the published warehouse was touched")
	}
	h.tidy()
	return err
}

// tidy sees that nothing is left beside the warehouse and in the lake.
func (h house) tidy() {
	h.Helper()
	for _, pattern := range []string{h.Path[:len(h.Path)-len("?#%.duckdb")] + "*.next*", filepath.Join(h.Exports, ".*")} {
		if left, _ := filepath.Glob(pattern); len(left) > 0 {
			h.Errorf("left behind: %v", left)
		}
	}
}

func (h house) query(query string, args ...any) [][]any {
	h.Helper()
	db, err := Open(h.Path)
	if err != nil {
		h.Fatal(err)
	}
	defer db.Close()
	return queryAll(h, db, query, args...)
}

func (h house) expect(query string, rows ...[]any) {
	h.Helper()
	if diff := cmp.Diff(rows, h.query(query)); diff != "" {
		h.Errorf("%s (-want +got):\n%s", query, diff)
	}
}

const allFacts = "SELECT left(tenant_id, 1), strftime(day, '%d'), report, user_key, actions FROM facts ORDER BY ALL"

func TestBuildIsAFunctionOfTheLake(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann", "Bob")
	h.writeUsers(laketest.TenantB, "Cid")
	h.writeFacts(laketest.TenantA, "2026-05-01", "x", 1, 2)
	h.writeFacts(laketest.TenantB, "2026-05-01", "x", 3)
	if r := h.run(); !cmp.Equal(r, BuildResult{Rebuilt: true, Partitions: 4, Rows: 6, Views: 2, Reason: "there was no warehouse yet"}) {
		t.Errorf("first build: %+v", r)
	}
	h.expect(allFacts, []any{"a", "01", "x", int32(0), int64(1)}, []any{"a", "01", "x", int32(1), int64(2)}, []any{"b", "01", "x", int32(0), int64(3)})
	if r := h.run(); !cmp.Equal(r, BuildResult{Views: 2}) {
		t.Errorf("nothing changed: %+v", r)
	}

	// One partition is new, one replaced, one emptied, one vanished; one tenant's users are replaced.
	h.writeFacts(laketest.TenantA, "2026-05-02", "x", 5)
	h.run()
	h.writeFacts(laketest.TenantA, "2026-05-02", "y/z=%é*", 6)
	h.writeFacts(laketest.TenantA, "2026-05-01", "x", 7)
	h.writeFacts(laketest.TenantA, "2026-05-02", "x")
	h.writeUsers(laketest.TenantA, "Ann", "Bob", "Dan")
	if err := os.RemoveAll(filepath.Join(h.Lake.Dir, "facts", "tenant_id="+laketest.TenantB)); err != nil {
		t.Fatal(err)
	}
	if r := h.run(); !cmp.Equal(r, BuildResult{Partitions: 5, Rows: 5, Views: 2}) {
		t.Errorf("second build: %+v", r)
	}
	h.expect(allFacts, []any{"a", "01", "x", int32(0), int64(7)}, []any{"a", "02", "y/z=%é*", int32(0), int64(6)})
	h.expect("SELECT name FROM users ORDER BY ALL", []any{"Ann"}, []any{"Bob"}, []any{"Cid"}, []any{"Dan"})
	h.expect("SELECT name, actions FROM totals", []any{"Ann", int64(13)})
	h.expect("SELECT next_key FROM names WHERE name = 'Dan'", []any{int32(3)})
	h.expect("SELECT table_name, count(*), sum(rows)::BIGINT FROM m365lake.partitions GROUP BY ALL ORDER BY ALL",
		[]any{"facts", int64(3), int64(2)}, []any{"users", int64(2), int64(4)})

	content := func() (all [][]any) {
		for _, from := range []string{"users", "facts", "m365lake.partitions", "m365lake.meta", "names", "totals",
			"(SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal)", "(SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal)"} {
			all = append(all, h.query("FROM "+from+" ORDER BY ALL")...)
		}
		return all
	}
	incremental := content()
	r, err := h.Rebuild(t.Context())
	if err != nil || !r.Rebuilt || r.Rows != 6 {
		t.Errorf("rebuild: %+v %v", r, err)
	}
	if diff := cmp.Diff(content(), incremental); diff != "" {
		t.Errorf("incremental build differs from rebuild:\n%s", diff)
	}
}

func TestReadersKeepTheirWarehouse(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.run()
	db, err := Open(h.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	count := func() any { return queryAll(t, db, "SELECT count(*) FROM users")[0][0] }
	if n := count(); n != int64(1) {
		t.Errorf("%v users", n)
	}
	h.writeUsers(laketest.TenantA, "Ann", "Bob")
	h.run()
	if n := count(); n != int64(1) {
		t.Errorf("the open reader sees %v users", n)
	}
	h.expect("SELECT count(*) FROM users", []any{int64(2)})
	if _, err := db.Exec("DELETE FROM users"); err == nil {
		t.Error("a published warehouse can be written to")
	}
}

func TestFailedChecks(t *testing.T) {
	tests := map[string]struct {
		change  func(house)
		failure CheckFailure
	}{
		"sql": {
			func(h house) { h.writeFacts(laketest.TenantA, "2026-05-02", "x", -1, -2) },
			CheckFailure{"actions_positive", "Nobody acts a negative number of times; for example tenant_id = " + laketest.TenantA + ", day = 2026-05-02, actions = -2", 2},
		},
		"key within a file": {
			func(h house) {
				h.write(laketest.Facts, laketest.TenantA, []string{"2026-05-02", "x"}, []any{laketest.TenantA, laketest.Date("2026-05-02"), "x", "a", nil, nil}, []any{laketest.TenantA, laketest.Date("2026-05-02"), "x", "a", nil, int64(1)})
			},
			CheckFailure{"facts_key_unique", "tenant_id, day, app, user_key must identify one row; for example tenant_id = " + laketest.TenantA + ", day = 2026-05-02, app = a, user_key = NULL, row_count = 2", 1},
		},
		"key across files of which one is old": {
			func(h house) {
				h.write(laketest.Facts, laketest.TenantA, []string{"2026-05-01", "y"}, []any{laketest.TenantA, laketest.Date("2026-05-01"), "y", "x app", int32(1), nil})
			},
			CheckFailure{"facts_key_unique", "tenant_id, day, app, user_key must identify one row; for example tenant_id = " + laketest.TenantA + ", day = 2026-05-01, app = x app, user_key = 1, row_count = 2", 1},
		},
		"unknown user": {
			func(h house) { h.writeFacts(laketest.TenantA, "2026-05-02", "x", 1, 1, 1, 1) },
			CheckFailure{"facts_user_key_known", "user_key must be one of the tenant's users; for example tenant_id = " + laketest.TenantA + ", day = 2026-05-02, report = x, app = x app, user_key = 2, actions = 1", 2},
		},
		"user of another tenant": {
			func(h house) { h.writeFacts(laketest.TenantB, "2026-05-02", "x", 1) },
			CheckFailure{"facts_user_key_known", "user_key must be one of the tenant's users; for example tenant_id = " + laketest.TenantB + ", day = 2026-05-02, report = x, app = x app, user_key = 0, actions = 1", 1},
		},
		"user gone from under old facts": {
			func(h house) { h.writeUsers(laketest.TenantA, "Ann") },
			CheckFailure{"facts_user_key_known", "user_key must be one of the tenant's users; for example tenant_id = " + laketest.TenantA + ", day = 2026-05-01, report = x, app = x app, user_key = 1, actions = 2", 1},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.writeUsers(laketest.TenantA, "Ann", "Bob")
			h.writeFacts(laketest.TenantA, "2026-05-01", "x", 1, 2)
			h.run()
			test.change(h)
			err := h.fails("check "+test.failure.Check, "the warehouse was not replaced")
			var failed *CheckError
			if !errors.As(err, &failed) {
				t.Fatalf("error is %T", err)
			}
			for i := range failed.Failures { // which of several rows is shown is left to DuckDB
				if strings.HasSuffix(failed.Failures[i].Detail, "user_key = 3, actions = 1") {
					failed.Failures[i].Detail = strings.Replace(failed.Failures[i].Detail, "user_key = 3", "user_key = 2", 1)
				}
			}
			if diff := cmp.Diff([]CheckFailure{test.failure}, failed.Failures); diff != "" {
				t.Error(diff)
			}
			if _, err := h.Rebuild(t.Context()); !errors.As(err, &failed) {
				t.Errorf("a rebuild finds %v", err)
			}
		})
	}
}

func TestLeftovers(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.run()
	for _, name := range []string{h.Path + ".next", h.Path + ".next.wal", filepath.Join(h.Exports, ".next", "x.parquet"), filepath.Join(h.Path+".next.tmp", "spilled")} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("of a killed build"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h.writeUsers(laketest.TenantA, "Ann", "Bob")
	h.run()
	h.expect("SELECT count(*) FROM users", []any{int64(2)})

	log := h.Path + ".wal"
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h.fails(log+" exists", "close it", "delete "+log)
	if _, err := os.Stat(log); err != nil {
		t.Error("somebody else's log was removed")
	}
}

func TestDamagedLakeFile(t *testing.T) {
	page := func(b []byte) []byte { // the pages come first, the footer last
		for i := range b[4:200] {
			b[4+i] ^= 0xff
		}
		return b
	}
	for name, damage := range map[string]func([]byte) []byte{
		"empty": func([]byte) []byte { return nil },
		"cut":   func(b []byte) []byte { return b[:len(b)/2] },
		"page":  page,
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.writeUsers(laketest.TenantA, slices.Repeat([]string{"Ann"}, 500)...)
			h.writeFacts(laketest.TenantA, "2026-05-01", "x", 1)
			h.run()
			h.writeFacts(laketest.TenantA, "2026-05-02", "x", 1)
			h.writeFacts(laketest.TenantA, "2026-05-03", "x", make([]int64, 500)...)
			h.writeFacts(laketest.TenantA, "2026-05-04", "x", 1)
			path := filepath.Join(h.Lake.Dir, lake.PartitionPath(laketest.Facts, []string{laketest.TenantA, "2026-05-03", "x"}))
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(content), 0o600); err != nil {
				t.Fatal(err)
			}
			err = h.fails("lake file "+path+" cannot be read", "delete it and run sync again")
			if !strings.HasPrefix(err.Error(), "lake file ") {
				t.Errorf("error is %q", err)
			}
			for _, err = range h.Lake.Read(t.Context(), laketest.Facts, laketest.TenantA) {
			}
			if err == nil || !strings.HasPrefix(err.Error(), "lake file "+path+" cannot be read") {
				t.Errorf("Lake.Read ends with %v", err)
			}
		})
	}
}

func TestRowsThatCannotBe(t *testing.T) {
	h := newHouse(t)
	h.write(laketest.Users, laketest.TenantA, nil, []any{laketest.TenantA, nil, "Nobody"})
	h.fails("lake file "+filepath.Join(h.Lake.Dir, lake.PartitionPath(laketest.Users, []string{laketest.TenantA})), "NOT NULL constraint failed", "user_key")

	h = newHouse(t)
	if err := os.MkdirAll(filepath.Join(h.Lake.Dir, "facts", "tenant_id="+laketest.TenantA, "week=1"), 0o700); err != nil {
		t.Fatal(err)
	}
	h.fails(filepath.Join("tenant_id="+laketest.TenantA, "week=1")+" does not belong into the lake", "day=...")
}

func TestUnreadableWarehouseIsRebuilt(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"empty":   func([]byte) []byte { return nil },
		"text":    func([]byte) []byte { return []byte("no database") },
		"header":  func(b []byte) []byte { clear(b[:12_288]); return b },
		"content": func(b []byte) []byte { clear(b[12_288:]); return b },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.writeUsers(laketest.TenantA, "Ann")
			h.run()
			content, err := os.ReadFile(h.Path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(h.Path, damage(content), 0o600); err != nil {
				t.Fatal(err)
			}
			h.writeUsers(laketest.TenantA, "Ann", "Bob")
			if r := h.run(); !r.Rebuilt || r.Reason == "" {
				t.Errorf("%+v", r)
			} else {
				t.Log(r.Reason)
			}
			h.expect("SELECT count(*) FROM users", []any{int64(2)})
		})
	}
}

func TestChangedShapeRebuilds(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.run()
	wider := *laketest.Users
	wider.Columns = slices.Insert(slices.Clone(laketest.Users.Columns), 2, schemas.Column{Name: "tags", Type: schemas.TextList})
	h.tables = []*schemas.Table{&wider, laketest.Facts}
	h.write(&wider, laketest.TenantB, nil, []any{laketest.TenantB, int32(0), []any{"x", nil}, "Bob"})
	if r := h.run(); r.Reason != "the shape of the tables changed" || r.Rows != 2 {
		t.Errorf("%+v", r)
	}
	h.expect("SELECT name, tags FROM users ORDER BY name", []any{"Ann", nil}, []any{"Bob", []any{"x", nil}})
	// All files of one load without the column.
	if err := os.RemoveAll(filepath.Join(h.Lake.Dir, "users", "tenant_id="+laketest.TenantB)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.expect("SELECT name, tags FROM users", []any{"Ann", nil})

	described := wider
	described.Doc = "People, better explained."
	h.tables = []*schemas.Table{&described, laketest.Facts}
	if r := h.run(); r.Rebuilt {
		t.Errorf("a better sentence made it rebuild: %+v", r)
	}
	h.expect("SELECT comment FROM duckdb_tables() WHERE table_name = 'users'", []any{described.Doc})
}

func TestViews(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.run()
	h.expect("SELECT comment FROM duckdb_views() WHERE view_name = 'names'", []any{"Names; of people"})
	h.expect("SELECT comment FROM duckdb_columns() WHERE table_name = 'names' AND column_name = 'name'", []any{"A name"})
	foreign := filepath.Join(h.Exports, "mine.parquet")
	export, err := os.ReadFile(filepath.Join(h.Lake.Dir, lake.PartitionPath(laketest.Users, []string{laketest.TenantA})))
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

	h.SQL = fstest.MapFS{"views/1.sql": {Data: []byte("CREATE VIEW broken AS\nSELECT nothing FROM users")}}
	h.fails("sql/views/1.sql", "nothing")
	h.SQL = fstest.MapFS{"views/1.sql": {Data: []byte("CREATE VIEW late AS SELECT error('too late') AS x FROM users")}}
	h.fails("late.parquet", "too late")
	h.expect("SELECT view_name FROM duckdb_views() WHERE NOT internal", []any{"a name's"})
}

func TestModes(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.writeFacts(laketest.TenantA, "2026-05-01", "x", 1)
	h.run()
	if err := os.Chmod(h.Path, 0o644); err != nil {
		t.Fatal(err)
	}
	h.run()
	files := 0
	err := filepath.WalkDir(filepath.Dir(h.Path), func(path string, e os.DirEntry, err error) error {
		if err != nil || path == filepath.Dir(h.Path) {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		want := os.FileMode(disk.FileMode)
		if e.IsDir() {
			want = disk.FolderMode
		} else {
			files++
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil || files != 5 { // two lake files, the warehouse, two exports
		t.Errorf("%d files, %v", files, err)
	}
}

func TestCancelledBuild(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.run()
	h.SQL = fstest.MapFS{"checks/endless.sql": {Data: []byte("-- Never ends.\nSELECT 1 FROM range(100000000000) a, range(100000000000) b WHERE a.range + b.range < 0")}}
	stop := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() { time.Sleep(200 * time.Millisecond); cancel(stop) }()
	started := time.Now()
	if _, err := h.Build.Run(ctx); !errors.Is(err, stop) {
		t.Errorf("error is %v", err)
	}
	if took := time.Since(started); took > 5*time.Second {
		t.Errorf("took %v to stop", took)
	}
	h.tidy()
	h.SQL = testSQL
	h.run()
	h.expect("SELECT count(*) FROM users", []any{int64(1)})
}

func TestOpenMissing(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "none.duckdb"))
	if err == nil || !strings.Contains(err.Error(), "run sync first") {
		t.Error(err)
	}
}

// TestRegions checks the keys of many rows portion by portion.
func TestRegions(t *testing.T) {
	c := change{table: laketest.Facts}
	for i := range 6 {
		c.loaded = append(c.loaded, lake.Stamp{Path: lake.PartitionPath(laketest.Facts, []string{laketest.TenantA, fmt.Sprintf("2026-05-%02d", 1+i/2), fmt.Sprint(i)})})
		c.rows = append(c.rows, regionRows/2-1)
	}
	regions, err := c.regions([]string{"tenant_id", "day"})
	want := [][][]string{{{laketest.TenantA, "2026-05-01"}}, {{laketest.TenantA, "2026-05-02"}}, {{laketest.TenantA, "2026-05-03"}}}
	if diff := cmp.Diff(want, regions); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
