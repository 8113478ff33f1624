package duck

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
)

// No instance that the program opens loads an extension by itself.
func TestLockdown(t *testing.T) {
	file, err := Open(
		File{Path: filepath.Join(t.TempDir(), "it's.duckdb"), Name: "some file"},
		Settings{"threads": "1"},
	)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	memory, err := OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	for name, db := range map[string]*sql.DB{"some file": file, "memory": memory} {
		for _, setting := range lockdown {
			var on bool
			if err := db.QueryRow("SELECT current_setting(?)::BOOLEAN", setting).Scan(&on); err != nil || on {
				t.Errorf("%s: %s is %v, %v", name, setting, on, err)
			}
		}
		var database, zone string
		if err := db.QueryRow("SELECT current_database(), current_setting('TimeZone')").Scan(&database, &zone); err != nil {
			t.Fatal(err)
		}
		if database != name || zone != "UTC" {
			t.Errorf("%s: the database is %s, the time zone %s", name, database, zone)
		}
	}
}

// A file that is replaced while it is open is the new one for readers that open it then.
func TestEachOpeningIsItsOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.duckdb")
	write := func(path string, n int) {
		t.Helper()
		db, err := Open(File{Path: path, Name: "x"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("CREATE TABLE numbers AS SELECT ?::INTEGER AS n", n); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	read := func(db *sql.DB) (n int) {
		t.Helper()
		if err := db.QueryRow("SELECT n FROM numbers").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	write(path, 1)
	first, err := Open(File{Path: path, Name: "x", Options: []string{"READ_ONLY"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if n := read(first); n != 1 {
		t.Errorf("the first opening reads %d", n)
	}
	next := path + ".next"
	write(next, 2)
	if err := os.Rename(next, path); err != nil {
		t.Fatal(err)
	}
	second, err := Open(File{Path: path, Name: "x", Options: []string{"READ_ONLY"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if a, b := read(first), read(second); a != 1 || b != 2 {
		t.Errorf("the openings read %d and %d", a, b)
	}
	if _, err := second.Exec("DELETE FROM numbers"); err == nil {
		t.Error("a file opened READ_ONLY can be written to")
	}
}
