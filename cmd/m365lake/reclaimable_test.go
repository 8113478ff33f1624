package main

import (
	"database/sql"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/schemas"
)

// reclaimedByView asks the warehouse for what truth_reclaimable.sql computes. Duplicates are another
// matter: their holders are active.
const reclaimedByView = `
SELECT user_id, sku_id, CASE reason WHEN 'disabled account' THEN 'disabled' ELSE 'idle' END AS reason
FROM reclaimable_licenses
JOIN users USING (tenant_id, user_key)
WHERE reason <> 'duplicate'
ORDER BY ALL`

// The view takes from nobody who works, and overlooks nobody who does not.
func TestReclaimableLicensesEqualTheTruth(t *testing.T) {
	s := serveSandbox(t, sandboxOptions{users: 700, seed: 5, day: "2026-11-20"})
	data, truth := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "truth")
	s.sync(t, data, exitGood)
	if err := s.tenant.WriteTruth(truth); err != nil {
		t.Fatal(err)
	}
	question, err := os.ReadFile("testdata/truth_reclaimable.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	paid := answer(t, data, "SELECT sku_id FROM skus_current WHERE kind = 'paid'")[1:]
	apps := answer(t, data, "SELECT DISTINCT app FROM app_activity")[1:]
	for name, value := range map[string]string{"apps": strings.Join(apps, ","), "truth": truth, "report_date": "2026-11-18", "paid": strings.Join(paid, ",")} {
		if _, err := db.Exec("SET VARIABLE " + name + " = " + schemas.Literal(value)); err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	if err := ask(t.Context(), db, string(question), &csvTable{w: csv.NewWriter(&b)}); err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(b.String()), "\n")
	if diff := cmp.Diff(want, answer(t, data, reclaimedByView)); diff != "" {
		t.Errorf("truth (-) and reclaimable_licenses (+) differ:\n%s", diff)
	}
	if len(want) < 50 {
		t.Errorf("the truth has %d rows only", len(want))
	}
}
