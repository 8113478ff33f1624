package warehouse

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/load/lake/laketest"
	"m365lake/schemas"
)

func TestBuildIsAFunctionOfTheLake(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann", "Bob")
	h.writeUsers(laketest.TenantB, "Cid")
	h.writeFacts(laketest.TenantA, "2026-05-01", "x", 1, 2)
	h.writeFacts(laketest.TenantB, "2026-05-01", "x", 3)
	if r := h.run(); !cmp.Equal(
		r,
		BuildResult{Rebuilt: true, Partitions: 4, Rows: 6, Views: 2, Reason: "there was no warehouse yet"},
	) {
		t.Errorf("first build: %+v", r)
	}
	h.expect(
		allFacts,
		[]any{"a", "01", "x", int32(0), int64(1)},
		[]any{"a", "01", "x", int32(1), int64(2)},
		[]any{"b", "01", "x", int32(0), int64(3)},
	)
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
	h.remove(laketest.Facts, laketest.TenantB, "")
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
			"(SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal)", "(SELECT table_name, " +
				"comment FROM duckdb_tables() WHERE NOT internal)"} {
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

func TestChangedShapeRebuilds(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.run()
	wider := *laketest.Users
	wider.Columns = slices.Insert(
		slices.Clone(laketest.Users.Columns),
		2,
		schemas.Column{Name: "tags", Type: schemas.TextList},
	)
	h.tables = []*schemas.Table{&wider, laketest.Facts}
	h.write(&wider, laketest.TenantB, nil, []any{laketest.TenantB, int32(0), []any{"x", nil}, "Bob"})
	if r := h.run(); r.Reason != "the shape of the tables changed" || r.Rows != 2 {
		t.Errorf("%+v", r)
	}
	h.expect("SELECT name, tags FROM users ORDER BY name", []any{"Ann", nil}, []any{"Bob", []any{"x", nil}})
	// All files of one load without the column.
	h.remove(laketest.Users, laketest.TenantB, "")
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

func TestCancelledBuild(t *testing.T) {
	h := newHouse(t)
	h.writeUsers(laketest.TenantA, "Ann")
	h.run()
	h.SQL = fstest.MapFS{
		"checks/endless.sql": {
			Data: []byte(
				"-- Never ends.\nSELECT 1 FROM range(100000000000) a, range(100000000000) b WHERE a.range + b.range < 0",
			),
		},
	}
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
