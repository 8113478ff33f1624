package main

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"m365lake/extract"
	"m365lake/internal/quote"
	"m365lake/pipeline/datafolder"
	"m365lake/schemas"
)

// benchUsers is the size of the tenant; BENCH_USERS=1000000 makes it large.
func benchUsers(b *testing.B) int {
	text := os.Getenv("BENCH_USERS")
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// pulledSandbox is a data folder that holds the raw files of a run and nothing else.
func pulledSandbox(b *testing.B) (s *servedSandbox, data, raw string) {
	b.Helper()
	s = serveBenchSandbox(b, benchUsers(b), "2026-11-20")
	data = filepath.Join(b.TempDir(), "data")
	inTheWay := filepath.Join(data, "lake", schemas.ReportStatus.Name) // so that it publishes nothing
	if err := os.MkdirAll(filepath.Dir(inTheWay), 0o700); err != nil {
		b.Fatal(err)
	}
	write(b, inTheWay, "in the way")
	s.benchSync(b, data, exitNothing)
	if err := os.RemoveAll(filepath.Join(data, "lake")); err != nil {
		b.Fatal(err)
	}
	return s, data, datafolder.Folder{Root: data}.Raw(s.tenant.ID(), mustDay(b, "2026-11-20"))
}

// BenchmarkFirstSync is a first sync whose raw files are already there: everything but Graph.
func BenchmarkFirstSync(b *testing.B) {
	s, data, raw := pulledSandbox(b)
	for b.Loop() {
		b.StopTimer()
		for _, name := range []string{"lake", "warehouse.duckdb", "exports"} {
			if err := os.RemoveAll(filepath.Join(data, name)); err != nil {
				b.Fatal(err)
			}
		}
		unpublish(b, raw)
		b.StartTimer()
		s.benchSync(b, data, exitGood)
	}
}

// BenchmarkPlainSQL makes the same tables and metrics of the same raw files in plain DuckDB SQL.
func BenchmarkPlainSQL(b *testing.B) {
	_, _, raw := pulledSandbox(b)
	question, err := os.ReadFile("testdata/bench_plain.sql")
	if err != nil {
		b.Fatal(err)
	}
	products, err := filepath.Abs("../../transform/products")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		out := b.TempDir()
		db, err := sql.Open("duckdb", filepath.Join(out, "plain.duckdb"))
		if err != nil {
			b.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		for name, value := range map[string]string{"raw": raw, "products": products, "out": out} {
			if _, err := db.Exec("SET VARIABLE " + quote.Identifier(name) + " = " + quote.Literal(value)); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		if _, err := db.Exec(strings.ReplaceAll(string(question), "{out}", out)); err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func unpublish(b *testing.B, raw string) {
	b.Helper()
	m, err := extract.ReadManifest(raw)
	if err != nil {
		b.Fatal(err)
	}
	m.Published = false
	if err := m.Write(raw); err != nil {
		b.Fatal(err)
	}
}

func mustDay(tb testing.TB, text string) time.Time {
	tb.Helper()
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		tb.Fatal(err)
	}
	return day
}

func serveBenchSandbox(b *testing.B, users int, day string) *servedSandbox {
	b.Helper()
	s := serveSandbox(b, sandboxOptions{users: users, seed: 1, day: day})
	text, err := os.ReadFile(s.config)
	if err != nil {
		b.Fatal(err)
	}
	write(b, s.config, string(text)+"limits: {sign_in_calls: 10000}\n") // Microsoft's pace is not to be measured
	return s
}

func (s *servedSandbox) benchSync(b *testing.B, data string, want int) {
	b.Helper()
	var out, errs bytes.Buffer
	if code := run(b.Context(), []string{"sync", "--config", s.config, "--data", data, "--run-day", s.day},
		strings.NewReader(""), &out, &errs, soon); code != want {
		b.Fatalf("exit code %d instead of %d\n%s%s", code, want, &out, &errs)
	}
}
