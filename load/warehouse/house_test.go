package warehouse

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"m365lake/load/lake"
	"m365lake/load/lake/laketest"
	"m365lake/schemas"
)

var testSQL = fstest.MapFS{
	"views/010_names.sql": {Data: []byte(`CREATE MACRO plus_one(x) AS x + 1;
CREATE OR REPLACE VIEW names AS SELECT tenant_id, plus_one(user_key) AS next_key, name FROM users;
COMMENT ON VIEW names IS 'Names; of people';
COMMENT ON COLUMN names.name IS 'A name';`)},
	"views/020_totals.sql": {
		Data: []byte(
			"CREATE OR REPLACE VIEW totals AS SELECT n.name, sum(f.actions)::BIGINT AS actions FROM facts f JOIN users n " +
				"USING (tenant_id, user_key) GROUP BY ALL",
		),
	},
	"checks/actions_positive.sql": {
		Data: []byte(
			"-- Nobody acts a negative number of times.\nSELECT tenant_id, day, actions FROM facts WHERE actions < 0 ORDER " +
				"BY ALL;",
		),
	},
}

// house is a data folder and its build.
type house struct {
	*testing.T
	Build
}

func newHouse(t *testing.T) house {
	dir := t.TempDir()
	return house{t, Build{
		Lake: lake.Lake{
			Dir: filepath.Join(dir, "la[k]e*"),
		}, Path: filepath.Join(dir, "ware house?#%.duckdb"), Exports: filepath.Join(dir, "exports"),
		SQL: testSQL, Version: "v1", Threads: 2, tables: []*schemas.Table{laketest.Users, laketest.Facts},
	}}
}

func (h house) write(table *schemas.Table, tenant string, partition []string, rows ...[]any) {
	h.Helper()
	if _, err := h.Lake.Write(
		h.Context(), tenant, laketest.Stream(table, partition, laketest.Record(table, rows...))); err != nil {
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

// remove removes a tenant's files of a table on purpose, as pruning does: those of a day, or all.
func (h house) remove(table *schemas.Table, tenant, day string) {
	h.Helper()
	files, err := h.Lake.Files(h.Context(), table, tenant)
	if err != nil {
		h.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(f lake.File) bool { return day != "" && f.Partition[0] != day })
	if n, err := h.Lake.Remove(files); err != nil || n == 0 {
		h.Fatalf("%d files removed, %v", n, err)
	}
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
