package pipeline_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/internal/quote"
	"m365lake/schemas/reports"
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

func TestMetricsEqualTheTruth(t *testing.T) {
	t.Parallel()
	metricsEqualTheTruth(t, 1)
}

// Every cell of activity_metrics and app_activity_daily equals what plain SQL makes of the sandbox's
// own books, with every report that there is.
func metricsEqualTheTruth(t *testing.T, seeds ...uint64) {
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := serveSandbox(t, sandboxOptions{users: 700, seed: seed, day: "2026-11-20", reports: allReports})
			data := filepath.Join(t.TempDir(), "data")
			s.sync(t, data, true)
			truth := s.writeTruth(t)
			compareMetrics(t, truth, data)
			want := askTruth(t, "truth_days.sql",
				map[string]string{"truth": truth, "first_day": "2026-11-12", "report_date": "2026-11-18"})
			got := answer(t, data, fmt.Sprintf(pipelineDays, "2026-11-12", "2026-11-18"))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("truth (-) and app_activity_daily (+) differ:\n%s", diff)
			}
			if len(want) < 5_000 {
				t.Errorf("the truth of the days has %d rows only", len(want))
			}
		})
	}
}

// A tenant whose Graph knows only version 1 of Copilot's report has the same numbers, from a month of
// 30 days in place of 28, and no counts.
func TestMetricsEqualTheTruthWithoutVersion2(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 700, seed: 1, day: "2026-11-20", reports: allReports,
		faults: []string{"no_version_2"}})
	data := filepath.Join(t.TempDir(), "data")
	s.sync(t, data, true)
	compareMetrics(t, s.writeTruth(t), data)
	const holders = "(SELECT licensed_users FROM activity_metrics WHERE app = 'copilot' AND report_period = 30 AND " +
		"all_departments)"
	for question, want := range map[string][]string{
		"SELECT report_period, count(*) = " + holders + " AS holders, count(prompts_submitted_all_apps) AS prompts FROM " +
			"report_copilot_usage_user_detail GROUP BY ALL ORDER BY 1": {
			"report_period,holders,prompts", "7,true,0", "30,true,0", "90,true,0", "180,true,0",
		},
		"SELECT report_period, status, rows = " + holders + " AS holders, detail FROM report_status WHERE report = " +
			"'copilot_usage_user_detail' ORDER BY 1": {
			"report_period,status,holders,detail", "7,good,true,", "30,good,true,", "90,good,true,", "180,good,true,",
		},
		"SELECT " + holders + " > 10 AS enough": {"enough", "true"},
	} {
		if diff := cmp.Diff(want, answer(t, data, question)); diff != "" {
			t.Errorf("%s: %s", question, diff)
		}
	}
}

// writeTruth writes the sandbox's own books.
func (s *servedSandbox) writeTruth(t *testing.T) string {
	t.Helper()
	truth := filepath.Join(t.TempDir(), "truth")
	if err := s.tenant.WriteTruth(truth); err != nil {
		t.Fatal(err)
	}
	return truth
}

// compareMetrics holds every cell of activity_metrics against the truth.
func compareMetrics(t *testing.T, truth, data string) {
	t.Helper()
	want := askTruth(t, "truth_metrics.sql",
		map[string]string{"truth": truth, "report_date": "2026-11-18", "apps": appNames()})
	if diff := cmp.Diff(want, answer(t, data, pipelineMetrics)); diff != "" {
		t.Errorf("truth (-) and activity_metrics (+) differ:\n%s", diff)
	}
	if len(want) < 14*4*10 {
		t.Errorf("the truth has %d rows only", len(want))
	}
	// What Microsoft counts of Copilot is the same, over every period.
	question := "SELECT report_period, our_users > 0 AS some, difference, our_report_date = report_date AS same_day " +
		"FROM reconciliation WHERE app = 'copilot' ORDER BY 1"
	equal := []string{"report_period,some,difference,same_day", "7,true,0,true", "30,true,0,true", "90,true,0,true",
		"180,true,0,true"}
	if diff := cmp.Diff(equal, answer(t, data, question)); diff != "" {
		t.Errorf("reconciliation of Copilot: %s", diff)
	}
}

// While names are concealed, the numbers over all departments go on: active are those of the truth,
// licensed or not, and licensed those of the directory.
func TestConcealedMetricsEqualTheTruth(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 700, seed: 4, day: "2026-11-20", reports: allReports,
		faults: []string{"concealed_names"}})
	data := filepath.Join(t.TempDir(), "data")
	s.sync(t, data, false)
	truth := s.writeTruth(t)
	var unlicensed int
	want := []string{"app,report_period,licensed_users,active_users,inactive_users,actions"}
	for _, line := range askTruth(t, "truth_metrics.sql",
		map[string]string{"truth": truth, "report_date": "2026-11-18", "apps": appNames()})[1:] {
		// app, report_period, all_departments, department, licensed_users, active_users, inactive_users,
		// unlicensed_active_users, activity_percent, actions
		f := strings.Split(line, ",")
		if f[2] != "true" {
			continue
		}
		number := func(i int) int {
			n, err := strconv.Atoi(f[i])
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			return n
		}
		unlicensed += number(7)
		active := number(5) + number(7)
		want = append(want, fmt.Sprintf("%s,%s,%s,%d,%d,%s", f[0], f[1], f[4], active, max(number(4)-active, 0), f[9]))
	}
	got := answer(t, data, "SELECT app, report_period, licensed_users, active_users, inactive_users, actions FROM "+
		"concealed_metrics ORDER BY ALL")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("truth (-) and concealed_metrics (+) differ:\n%s", diff)
	}
	if len(want) != 1+14*4 || unlicensed == 0 {
		t.Errorf("the truth has %d rows and %d unlicensed active users", len(want), unlicensed)
	}
	for _, table := range []string{"app_activity", "app_activity_daily", "activity_metrics"} {
		if rows := answer(t, data, "SELECT count(*) AS n FROM "+table); rows[1] != "0" {
			t.Errorf("%s has %s rows about pseudonyms", table, rows[1])
		}
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
		if _, err := db.Exec("SET VARIABLE " + name + " = " + quote.Literal(value)); err != nil {
			t.Fatal(err)
		}
	}
	return askCSV(t, db, string(question))
}

// appNames are the names of all apps, as truth_metrics.sql takes them.
func appNames() string {
	var names []string
	for _, app := range reports.Apps() {
		names = append(names, app.Name)
	}
	return strings.Join(names, " ")
}
