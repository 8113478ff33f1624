package warehouse

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"m365lake/internal/duck"
	"m365lake/load/lake/laketest"
	"m365lake/schemas"
	"m365lake/schemas/catalog"
	sqlfiles "m365lake/sql"
)

// memoryWith is a database with empty tables.
func memoryWith(t *testing.T, tables []*schemas.Table) *sql.DB {
	t.Helper()
	db, err := duck.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, table := range tables {
		if _, err := db.Exec(table.CreateTable()); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// A column without a comment of its own has that of the first source with a column of its name, or of
// the column that was renamed; one that comes from nowhere has none.
func TestCommentsOfColumnsPassedThrough(t *testing.T) {
	tables := []*schemas.Table{laketest.Users, laketest.Facts}
	db := memoryWith(t, tables)
	files := fstest.MapFS{
		"views/1.sql": {Data: []byte(`-- Who acts?
-- Columns from: facts, users, users.name AS called.
CREATE OR REPLACE VIEW actors AS
SELECT tenant_id, user_key, app, name, name AS called, actions, 1 AS one
FROM users JOIN facts USING (tenant_id, user_key);
COMMENT ON COLUMN actors.app IS 'Which app.';`)},
		"views/2.sql": {Data: []byte(`-- Who acts, again?
-- Columns from: actors.
CREATE OR REPLACE VIEW again AS
SELECT app, called, one FROM actors;`)},
	}
	if err := CreateViews(t.Context(), db, files, tables); err != nil {
		t.Fatal(err)
	}
	want := [][]any{
		{
			"actors",
			"tenant_id",
			"Tenant.",
		}, {"actors", "user_key", "User."}, {"actors", "app", "Which app."}, {"actors", "name", "It's a name."},
		{"actors", "called", "It's a name."}, {"actors", "actions", "Actions."}, {"actors", "one", nil},
		{"again", "app", "Which app."}, {"again", "called", "It's a name."}, {"again", "one", nil},
	}
	got := queryAll(
		t,
		db,
		"SELECT table_name, column_name, comment FROM duckdb_columns() WHERE table_name IN ('actors', 'again') ORDER BY "+
			"table_name, column_index",
	)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	files["views/2.sql"].Data = []byte(
		"-- Columns from: nowhere.\nCREATE OR REPLACE VIEW again AS\nSELECT app FROM actors;",
	)
	err := CreateViews(t.Context(), db, files, tables)
	if err == nil || !strings.Contains(err.Error(), "sql/views/2.sql: there is no table or earlier view nowhere") {
		t.Error(err)
	}
}

// No view repeats by hand what it would be given, and every source that a view names gives something.
func TestCommentsAreWrittenOnce(t *testing.T) {
	db := memoryWith(t, catalog.Tables())
	files, err := sqlFiles(sqlfiles.Files, "views")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		if files[i].text, err = renderView(f); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(files[i].text); err != nil {
			t.Fatal(f.path, err)
		}
	}
	all, err := commentsOfViews(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	comments := commentsOfTables(catalog.Tables())
	for _, f := range files {
		sources := sourcesOf(f.text)
		var given []string // columns without a comment of their own
		for _, created := range createsView.FindAllStringSubmatch(f.text, -1) {
			for column, comment := range all[created[1]] {
				from, err := comments.find(sources, column)
				if err != nil {
					t.Fatal(err)
				}
				if comment == "" {
					given = append(given, column)
				} else if comment == from {
					t.Errorf("%s repeats the comment that %s.%s is given", f.path, created[1], column)
				}
			}
		}
		for i, source := range sources {
			if !slices.ContainsFunc(given, func(column string) bool {
				before, _ := comments.find(sources[:i], column)
				here, _ := comments.find([]string{source}, column)
				return before == "" && here != ""
			}) {
				t.Errorf("%s names %s, from which no column gets its comment", f.path, source)
			}
		}
		if _, err := comments.passThrough([]sqlFile{f}, all); err != nil {
			t.Fatal(err)
		}
	}
}
