package duck

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A text is split where DuckDB splits it: not within quotes, dollar quotes and comments.
func TestStatements(t *testing.T) {
	for text, want := range map[string][]string{
		"SELECT 1":                           {"SELECT 1"},
		"SELECT 1;":                          {"SELECT 1"},
		" ; SELECT 1 ;; SELECT 2\n; -- no\n": {"SELECT 1", "SELECT 2"},
		"-- a; b\nSELECT 1":                  {"-- a; b\nSELECT 1"},
		"/* a; b */ SELECT 1; /* c":          {"/* a; b */ SELECT 1"},
		"SELECT 'a;''b;', \"c;\"\"d;\"; X":   {"SELECT 'a;''b;', \"c;\"\"d;\"", "X"},
		`SELECT E'a\';b'; X`:                 {`SELECT E'a\';b'`, "X"},
		`SELECT 'a\'; X`:                     {`SELECT 'a\'`, "X"},
		"SELECT $$a;b$$, $x$c;$$;$x$; X":     {"SELECT $$a;b$$, $x$c;$$;$x$", "X"},
		"SELECT 'José;' AS é; X":             {"SELECT 'José;' AS é", "X"},
		"SELECT 'open; X":                    {"SELECT 'open; X"},
		"":                                   nil,
		"-- nothing":                         nil,
	} {
		if got := Statements(text); !slices.Equal(got, want) {
			t.Errorf("%q is split into %q", text, got)
		}
	}
}

// Whatever is asked of a sealed database, no other file is read, written or attached, and the file stays as it is.
func TestSealedDatabaseReachesNoOtherFile(t *testing.T) {
	folder := t.TempDir()
	path, secret := filepath.Join(folder, "warehouse.duckdb"), filepath.Join(folder, "secret.csv")
	made, err := Open(File{Path: path, Name: "warehouse"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := made.Exec("CREATE TABLE numbers AS SELECT 42 AS n"); err != nil {
		t.Fatal(err)
	}
	if err := made.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(secret, []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, question := range []string{
		"SELECT * FROM read_csv('" + secret + "')",
		"FROM '" + secret + "'",
		"FROM read_text('" + secret + "')",
		"FROM glob('" + folder + "/*')",
		"COPY (SELECT 1) TO '" + folder + "/out.csv'",
		"COPY numbers TO '" + folder + "/out.parquet'",
		"EXPORT DATABASE '" + folder + "/out'",
		"ATTACH '" + folder + "/out.duckdb' AS c",
		"ATTACH '" + folder + "/out.duckdb' AS c (READ_WRITE)",
		"/* x */ attach ':memory:' AS m (READ_WRITE)",
		"USE memory; DETACH warehouse; ATTACH '" + path + "' AS w (READ_WRITE); CREATE TABLE w.x AS SELECT 1",
		"PREPARE p AS SELECT 1",
		"INSTALL httpfs", "LOAD '" + folder + "/x.duckdb_extension'",
		"SET enable_external_access = true", "SET lock_configuration = false", "SET temp_directory = '" + folder + "/t'",
		"CREATE PERSISTENT SECRET s (TYPE s3)",
		"PRAGMA enable_profiling = 'json'",
		"INSERT INTO numbers VALUES (1)", "DELETE FROM numbers", "CREATE TABLE t AS SELECT 1",
	} {
		db, err := Open(File{Path: path, Name: "warehouse", Options: []string{"READ_ONLY"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := Seal(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		connection, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var refused error
		for _, statement := range Statements(question) {
			if refused = RefuseReachingOut(t.Context(), connection, statement); refused != nil {
				break
			}
			if _, refused = connection.ExecContext(t.Context(), statement); refused != nil {
				break
			}
		}
		if refused == nil {
			t.Errorf("%s is done", question)
		}
		var n int
		if err := connection.QueryRowContext(t.Context(), "SELECT n FROM warehouse.numbers").Scan(&n); err != nil || n != 42 {
			t.Errorf("after %s: %d %v", question, n, err)
		}
		if err := connection.Close(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file changed: %v", err)
	}
	left, err := filepath.Glob(folder + "/*")
	if err != nil || len(left) != 2 {
		t.Errorf("these files are there: %s", strings.Join(left, ", "))
	}
}

// Words that only look like those of a refused statement are no reason to refuse.
func TestHarmlessWordsAreNotRefused(t *testing.T) {
	db, err := OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	connection, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	for _, statement := range []string{"SELECT 1 AS downloads, 'attach' AS x", "SELECT 1"} {
		if err := RefuseReachingOut(t.Context(), connection, statement); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
}
