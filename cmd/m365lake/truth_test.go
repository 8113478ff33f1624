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
  unlicensed_active_users, round(activity_percent, 6) AS activity_percent, actions,
  windows_users, mac_users, mobile_users, web_users, desktop_users
FROM activity_metrics
ORDER BY ALL`

// pipelineDays asks the warehouse for what truth_days.sql computes.
const pipelineDays = `
SELECT u.user_principal_name, d.app, d.report_date, d.actions
FROM app_activity_daily AS d
JOIN users AS u USING (tenant_id, user_key)
WHERE d.report_date BETWEEN DATE '%s' AND DATE '%s'
ORDER BY ALL`

// Every cell of activity_metrics and app_activity_daily equals what plain SQL makes of the sandbox's
// own books, with every report that there is.
func TestMetricsEqualTheTruth(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := serveSandbox(t, sandboxOptions{users: 700, seed: seed, day: "2026-11-20", reports: allReports})
			data := filepath.Join(t.TempDir(), "data")
			s.sync(t, data, exitGood)

			truth := filepath.Join(t.TempDir(), "truth")
			if err := s.tenant.WriteTruth(truth); err != nil {
				t.Fatal(err)
			}
			want := askTruth(t, "truth_metrics.sql", map[string]string{"truth": truth, "report_date": "2026-11-18", "apps": appNames()})
			got := answer(t, data, pipelineMetrics)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("truth (-) and activity_metrics (+) differ:\n%s", diff)
			}
			if len(want) < 14*4*10 {
				t.Errorf("the truth has %d rows only", len(want))
			}
			want = askTruth(t, "truth_days.sql", map[string]string{"truth": truth, "first_day": "2026-11-12", "report_date": "2026-11-18"})
			got = answer(t, data, fmt.Sprintf(pipelineDays, "2026-11-12", "2026-11-18"))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("truth (-) and app_activity_daily (+) differ:\n%s", diff)
			}
			if len(want) < 5_000 {
				t.Errorf("the truth of the days has %d rows only", len(want))
			}
		})
	}
}

// askTruth runs a question over the truth files.
func askTruth(t *testing.T, file string, variables map[string]string) []string {
	t.Helper()
	question, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for name, value := range variables {
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

// appNames are the names of all apps, as truth_metrics.sql takes them.
func appNames() string {
	var names []string
	for _, app := range schemas.Apps() {
		names = append(names, app.Name)
	}
	return strings.Join(names, " ")
}
