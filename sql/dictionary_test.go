package sql_test

import (
	"m365lake/internal/text"
	sqlfiles "m365lake/sql"

	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// docs/views.md says what the comments of the views say, in the order in which the views build on
// each other; make docs writes it.
func TestViewDictionaryIsCurrent(t *testing.T) {
	const path = "../docs/views.md"
	want := viewDictionary(t, openWarehouse(t).db)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale; run make docs", path)
	}
}

func viewDictionary(t *testing.T, db *sql.DB) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(
		"# Views\n\nGenerated from `sql/views` by `make docs`; do not edit. Every view is in the warehouse and in " +
			"`exports/`.\n",
	)
	writeQuestions(t, &b)
	last := ""
	rows, err := db.Query(`
		SELECT v.view_name, v.comment, c.column_name, c.data_type, coalesce(c.comment, '')
		FROM duckdb_views() AS v
		JOIN duckdb_columns() AS c ON c.table_oid = v.view_oid
		WHERE NOT v.internal
		ORDER BY v.view_name, c.column_index`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var view, doc, column, kind, comment string
		if err := rows.Scan(&view, &doc, &column, &kind, &comment); err != nil {
			t.Fatal(err)
		}
		if view != last {
			fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| column | type | meaning |\n| --- | --- | --- |\n", view, text.Wrap(doc, 120))
			last = view
		}
		if comment == "" {
			t.Errorf("%s.%s has no comment", view, column)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", column, kind, strings.ReplaceAll(comment, "|", `\|`))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	b.WriteString("\n## Functions of a day\n\nCall them like tables.\n\n| function | meaning |\n| --- | --- |\n")
	for _, line := range ask(t, db, `
		SELECT '| ' || function_name || '(' || array_to_string(parameters, ', ') || ') | ' || coalesce(comment, '') || ' |'
		FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal ORDER BY function_name`) {
		b.WriteString(line + "\n")
	}
	return b.Bytes()
}

var createsViewOrMacro = regexp.MustCompile(`(?m)^CREATE OR REPLACE (?:VIEW|MACRO) (\w+)`)

// writeQuestions writes which question each view answers, as the first lines of the files ask them.
func writeQuestions(t *testing.T, b *bytes.Buffer) {
	t.Helper()
	b.WriteString("\n## Which view answers what\n\n| question | view |\n| --- | --- |\n")
	paths, err := fs.Glob(sqlfiles.Files, "views/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		file, err := sqlfiles.Files.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(file), "\n")
		var links []string
		for _, created := range createsViewOrMacro.FindAllStringSubmatch(string(file), -1) {
			anchor := created[1]
			if strings.Contains(created[0], "MACRO") {
				anchor = "functions-of-a-day"
			}
			links = append(links, fmt.Sprintf("[%s](#%s)", created[1], anchor))
		}
		if len(links) == 0 {
			t.Errorf("%s creates nothing", path)
		}
		fmt.Fprintf(b, "| %s | %s |\n", strings.TrimPrefix(first, "-- "), strings.Join(links, ", "))
	}
}
