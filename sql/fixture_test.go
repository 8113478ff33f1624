package sql_test

import (
	sqlfiles "m365lake/sql"

	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/internal/duck"
	loadpkg "m365lake/load/warehouse"
	"m365lake/schemas/catalog"
)

// The tests share one instance with empty tables and one with the views upon them, because making
// those takes longer than all that a test asks. Each test works in a transaction that is rolled back
// when the test ends. Both instances have one connection, so tests that use them cannot run in
// parallel: DuckDB refuses the second transaction.
var (
	emptyTables    = sync.OnceValues(makeTables)
	emptyWarehouse = sync.OnceValues(func() (*sql.DB, error) {
		db, err := makeTables()
		if err != nil {
			return nil, err
		}
		return db, loadpkg.CreateViews(context.Background(), db, sqlfiles.Files, catalog.Tables())
	})
)

func makeTables() (*sql.DB, error) {
	db, err := duck.OpenMemory()
	if err != nil {
		return nil, err
	}
	for _, table := range catalog.Tables() {
		if _, err := db.Exec(table.CreateTable()); err != nil {
			return nil, err
		}
	}
	return db, nil
}

// openTables is an empty warehouse without views.
func openTables(t *testing.T) *sql.DB {
	t.Helper()
	return inTransaction(t, emptyTables)
}

// inTransaction is a shared instance, whose changes are undone at the end of the test.
func inTransaction(t *testing.T, shared func() (*sql.DB, error)) *sql.DB {
	t.Helper()
	db, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	execute(t, db, "BEGIN TRANSACTION")
	t.Cleanup(func() { execute(t, db, "ROLLBACK") })
	return db
}

// A warehouse is empty tables and all views, in memory.
type warehouse struct {
	t  *testing.T
	db *sql.DB
}

func openWarehouse(t *testing.T) *warehouse {
	t.Helper()
	return &warehouse{t, inTransaction(t, emptyWarehouse)}
}

func (w *warehouse) exec(statement string) {
	w.t.Helper()
	execute(w.t, w.db, statement)
}

// insert adds rows, each a tuple of SQL values; tenant_id comes first and need not be named.
func (w *warehouse) insert(table, columns string, rows ...string) {
	w.t.Helper()
	w.exec(fmt.Sprintf("INSERT INTO %s (tenant_id, %s) VALUES (%s)", table, columns, strings.Join(rows, "), (")))
}

// expect asks and wants these rows, the values of each joined by a bar.
func (w *warehouse) expect(question string, want ...string) {
	w.t.Helper()
	rows, err := w.db.Query(question)
	if err != nil {
		w.t.Fatalf("%s\n%v", question, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		w.t.Fatal(err)
	}
	var got []string
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			w.t.Fatal(err)
		}
		cells := make([]string, len(values))
		for i, v := range values {
			switch v := v.(type) {
			case nil:
				cells[i] = "NULL"
			case time.Time:
				cells[i] = v.Format(time.DateOnly)
			default:
				cells[i] = fmt.Sprint(v)
			}
		}
		got = append(got, strings.Join(cells, "|"))
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s\nwanted (-) and got (+):\n%s", question, diff)
	}
}

func execute(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
}

func file(t *testing.T, name string) string {
	t.Helper()
	text, err := sqlfiles.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func ask(t *testing.T, db *sql.DB, question string) (answers []string) {
	t.Helper()
	rows, err := db.Query(question)
	if err != nil {
		t.Fatalf("%v\n%s", err, question)
	}
	defer rows.Close()
	for rows.Next() {
		var answer string
		if err := rows.Scan(&answer); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, answer)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return answers
}
