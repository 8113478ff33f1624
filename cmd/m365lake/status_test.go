package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"m365lake/internal/quote"
	"m365lake/load/lake"
	"m365lake/pipeline/datafolder"
	"m365lake/schemas"
)

// A status that fails in one of its sections leaves no half JSON document behind.
func TestStatusIsWholeOrNotThere(t *testing.T) {
	t.Parallel()
	const tenantID = "12345678-1234-4234-8234-123456789012"
	data := datafolder.Folder{Root: t.TempDir()}
	runs := lake.Lake{Dir: data.Lake()}.TenantFile(&schemas.Runs, tenantID)
	if err := os.MkdirAll(filepath.Dir(runs), 0o700); err != nil {
		t.Fatal(err)
	}
	inDuckDB(t, "", `COPY (SELECT DATE '2026-11-23' AS run_day, 'contoso' AS tenant_name, 'good' AS status,
		TIMESTAMPTZ '2026-11-23 04:00:00Z' AS started_at, TIMESTAMPTZ '2026-11-23 04:00:09Z' AS finished_at,
		1::BIGINT AS rows, 2::BIGINT AS requests, 0::BIGINT AS retries, 0::BIGINT AS failed_sources, NULL::VARCHAR AS error
		) TO `+quote.Literal(runs))
	write(t, data.Warehouse(), "this is no DuckDB file")
	out, errs := statusOf(t, exitUsage, "status", "--data", data.Root, "--json")
	if out != "" || !strings.Contains(errs, "DuckDB") {
		t.Errorf("%q on standard output, %q as the error", out, errs)
	}
	// People are shown what is known all the same.
	if out, _ := statusOf(t, exitUsage, "status", "--data", data.Root); !strings.Contains(out, "2026-11-23") {
		t.Error(out)
	}
}

func TestProvisionStatusIsWholeOrNotThere(t *testing.T) {
	t.Parallel()
	data := datafolder.Folder{Root: t.TempDir()}
	controlWithPlan(t, data.Root)
	inDuckDB(t, data.Control(), "ALTER TABLE provisioning_ledger RENAME COLUMN hash TO mash")
	out, errs := statusOf(t, exitUsage, "provision", "status", "--data", data.Root, "--json")
	if out != "" || errs == "" {
		t.Errorf("%q on standard output, %q as the error", out, errs)
	}
}

// statusOf runs a command and returns what it wrote to standard output and as errors.
func statusOf(t *testing.T, want int, args ...string) (string, string) {
	t.Helper()
	var out, errs strings.Builder
	if code := run(t.Context(), args, strings.NewReader(""), &out, &errs, soon); code != want {
		t.Fatalf("exit code %d instead of %d\n%s%s", code, want, &out, &errs)
	}
	return out.String(), errs.String()
}

// inDuckDB runs a statement in a DuckDB file, or in none.
func inDuckDB(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
