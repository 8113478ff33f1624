package main

import (
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/schemas"
)

// pipelineMetrics asks the warehouse for what truth_metrics.sql computes.
const pipelineMetrics = `
SELECT app, report_period, all_departments, department, licensed_users, active_users, inactive_users,
  unlicensed_active_users, round(activity_percent, 6) AS activity_percent, actions
FROM activity_metrics
ORDER BY ALL`

// sandboxApps are the apps that sandboxReports decide.
const sandboxApps = "word excel powerpoint onenote teams_app outlook_app skype_for_business microsoft_teams"

// Every cell of activity_metrics equals what plain SQL makes of the sandbox's own books.
func TestMetricsEqualTheTruth(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := serveSandbox(t, sandboxOptions{users: 700, seed: seed, day: "2026-11-20"})
			data := filepath.Join(t.TempDir(), "data")
			s.sync(t, data, exitGood)

			truth := filepath.Join(t.TempDir(), "truth")
			if err := s.tenant.WriteTruth(truth); err != nil {
				t.Fatal(err)
			}
			want := askTruth(t, truth, "2026-11-18")
			got := answer(t, data, pipelineMetrics)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("truth (-) and activity_metrics (+) differ:\n%s", diff)
			}
			if len(want) < 9*4*10 {
				t.Errorf("the truth has %d rows only: %v", len(want), want)
			}
		})
	}
}

// askTruth runs truth_metrics.sql over the truth files.
func askTruth(t *testing.T, truth, reportDate string) []string {
	t.Helper()
	question, err := os.ReadFile("testdata/truth_metrics.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for name, value := range map[string]string{"truth": truth, "report_date": reportDate, "apps": sandboxApps} {
		if _, err := db.Exec("SET VARIABLE " + name + " = " + schemas.Literal(value)); err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	if err := ask(t.Context(), db, string(question), &csvTable{w: csv.NewWriter(&b)}); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(b.String()), "\n")
}
