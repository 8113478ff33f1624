package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A month of nights, with two nights on which nothing ran and some on which Microsoft was late, gives
// the daily history that the sandbox's own books have; days that were not got are written down as
// missing, and nothing else is.
func TestThirtyNights(t *testing.T) {
	const users, seed, nights = 60, 9, 30
	first := mustDay(t, "2026-10-20")
	data := filepath.Join(t.TempDir(), "data")
	var last *servedSandbox
	for night := range nights {
		if night == 11 || night == 12 {
			continue // an outage
		}
		day := first.AddDate(0, 0, night).Format(time.DateOnly)
		var faults []string
		if night >= 18 && night <= 20 {
			faults = []string{"day_late:getTeamsUserActivityUserDetail"}
		}
		last = serveSandbox(t, sandboxOptions{users: users, seed: seed, day: day, faults: faults})
		last.sync(t, data, exitGood)
		_ = last.server.Close()
	}

	// What is known agrees with the truth, day by day.
	truth := filepath.Join(t.TempDir(), "truth")
	if err := last.tenant.WriteTruth(truth); err != nil {
		t.Fatal(err)
	}
	want := askTruth(t, "truth_days.sql", map[string]string{"truth": truth, "first_day": "2026-10-12", "report_date": "2026-11-16"})
	got := answer(t, data, fmt.Sprintf(pipelineDaysOfPresent, "2026-10-12", "2026-11-16"))
	if diff := cmp.Diff(withApps(want), withApps(got)); diff != "" {
		t.Errorf("truth (-) and thirty nights (+) differ:\n%s", diff)
	}
	if len(want) < 2000 {
		t.Errorf("the truth has %d rows only", len(want))
	}

	// The first runs could not get all 28 days before them; those are missing, and no others.
	missing := answer(t, data, `SELECT report, count(*) AS days, max(report_date) < DATE '2026-10-12' AS old
		FROM day_coverage WHERE status = 'missing' GROUP BY report ORDER BY report`)
	known := answer(t, data, `SELECT report, count(*) AS days FROM day_coverage
		WHERE status IN ('good', 'empty') AND report_date BETWEEN DATE '2026-10-12' AND DATE '2026-11-16' GROUP BY report ORDER BY report`)
	if len(missing) != 4 || !slices.Contains(known, "teams_user_activity_detail,36") || !slices.Contains(known, "m365_app_user_detail,36") {
		t.Errorf("missing: %v; known of the last 36 days: %v", missing, known)
	}
	for _, line := range missing[1:] {
		if line[len(line)-4:] != "true" {
			t.Errorf("days after the first runs are missing: %s", line)
		}
	}
	if late := answer(t, data, "SELECT count(*) AS n FROM report_status WHERE status = 'empty' AND asked_day IS NOT NULL AND report = 'teams_user_activity_detail'"); late[1] == "0" {
		t.Error("no day was late")
	}
}

// pipelineDaysOfPresent is pipelineDays for the people the directory still has: the truth knows no
// others.
const pipelineDaysOfPresent = `
SELECT u.user_principal_name, d.app, d.report_date, d.actions
FROM app_activity_daily AS d
JOIN users AS u USING (tenant_id, user_key)
WHERE u.deleted_at IS NULL AND d.report_date BETWEEN DATE '%s' AND DATE '%s'
ORDER BY ALL`

// withApps keeps the lines about the apps that sandboxReports decide.
func withApps(lines []string) []string {
	var kept []string
	for _, line := range lines {
		for _, app := range []string{"word", "excel", "powerpoint", "onenote", "teams_app", "outlook_app", "microsoft_teams"} {
			if containsField(line, app) {
				kept = append(kept, line)
			}
		}
	}
	return kept
}

func containsField(line, field string) bool {
	return slices.Contains(strings.Split(line, ","), field)
}
