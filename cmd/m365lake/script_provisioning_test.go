package main

import (
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"regexp"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"m365lake/sandbox"
)

// duckdbClient is any DuckDB client: duckdb FILE SQL. It prints the rows of the last statement as
// CSV. It is a process of its own, because DuckDB's lock keeps out processes.
func duckdbClient() {
	if err := askDuckDB(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func askDuckDB(file, question string) error {
	db, err := sql.Open("duckdb", file)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // ATTACH and USE are of a connection
	rows, err := db.Query(question)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	out := csv.NewWriter(os.Stdout)
	values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		record := make([]string, len(values))
		for i, v := range values {
			record[i] = v.String
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return rows.Err()
}

// captureScriptCommand keeps what a pattern's group finds in the last output: capture NAME PATTERN
func captureScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: capture NAME PATTERN")
	}
	pattern, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	found := pattern.FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("%s finds nothing in the last output", args[1])
	}
	ts.Setenv(args[0], found[1])
}

// changesScriptCommand wants a number of writes that the tenant took, so far: changes FILE N
func changesScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: changes FILE N")
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	server, ok := servers.Load(ts.MkAbs(args[0]))
	if !ok {
		ts.Fatalf("no sandbox wrote %s", args[0])
	}
	changes := server.(*sandbox.Server).Changes()
	if len(changes) != want {
		ts.Fatalf("the tenant took %d writes instead of %d: %+v", len(changes), want, changes)
	}
}

// booksScriptCommand writes what the tenant is like into a file: books FILE TO
func booksScriptCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: books FILE TO")
	}
	server, ok := servers.Load(ts.MkAbs(args[0]))
	if !ok {
		ts.Fatalf("no sandbox wrote %s", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), server.(*sandbox.Server).State(), 0o600))
}
