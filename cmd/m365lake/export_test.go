package main

import (
	"path/filepath"
	"strings"
	"testing"

	"m365lake/internal/duck"
)

// A warehouse without views is no success of an export.
func TestExportOfNothing(t *testing.T) {
	data := t.TempDir()
	db, err := duck.Open(duck.File{Path: filepath.Join(data, "warehouse.duckdb"), Name: "warehouse"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE numbers AS SELECT 1 AS n"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	said := command(t, exitUsage, "export", "--data", data, "--to", filepath.Join(data, "out"))
	if !strings.Contains(said, "the warehouse has no views, so that nothing can be exported") {
		t.Error(said)
	}
}
