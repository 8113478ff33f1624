package pipeline_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNights(t *testing.T) {
	t.Parallel()
	disturbedNights(t, nights{
		count: 7, late: []int{4, 5}, calls: 24, leastRows: 500,
	})
}

// Nights with two on which nothing ran and some on which Microsoft was late give the daily history of
// perfect ones, but for days that are written down as missing; and both agree with the sandbox's own
// books.
func disturbedNights(t *testing.T, n nights) {
	perfect := nights{count: n.count, calls: n.calls}.sync(t)
	// The outage comes while the first runs still fetch the 28 days before them, so that it costs some.
	n.outage = []int{1, 2}
	disturbed := n.sync(t)

	lost := map[string]bool{}
	for _, line := range answer(t, disturbed.data,
		`SELECT report, report_date FROM day_coverage WHERE status = 'missing'`)[1:] {
		lost[line] = true
	}
	history := `SELECT d.report, d.report_date, d.app, u.user_id, d.actions
		FROM app_activity_daily AS d JOIN users AS u USING (tenant_id, user_key) ORDER BY ALL`
	var want []string
	without := 0
	for _, line := range answer(t, perfect.data, history) {
		fields := strings.Split(line, ",")
		if lost[fields[0]+","+fields[1]] {
			without++
			continue
		}
		want = append(want, line)
	}
	if diff := cmp.Diff(want, answer(t, disturbed.data, history)); diff != "" {
		t.Errorf("a perfect month (-) and the disturbed one (+) differ:\n%s", diff)
	}
	lostByPerfect := answer(t, perfect.data, `SELECT report, report_date FROM day_coverage WHERE status = 'missing'`)[1:]
	for _, line := range lostByPerfect {
		if !lost[line] {
			t.Errorf("only the perfect month misses %s", line)
		}
	}
	if without < 30 || len(lost) <= len(lostByPerfect) {
		t.Errorf("the outage cost %d rows and %d days: it disturbed nothing", without, len(lost)-len(lostByPerfect))
	}
	if late := answer(t, disturbed.data, "SELECT count(*) AS n FROM report_status WHERE status = 'empty' AND asked_day "+
		"IS NOT NULL AND report = 'teams_user_activity_detail'"); late[1] == "0" {
		t.Error("no day was late")
	}

	// What is known agrees with the truth, day by day.
	truth := filepath.Join(t.TempDir(), "truth")
	if err := disturbed.last.tenant.WriteTruth(truth); err != nil {
		t.Fatal(err)
	}
	lastDay := firstNight.AddDate(0, 0, n.count-3).Format(time.DateOnly)
	books := askTruth(t, "truth_days.sql",
		map[string]string{"truth": truth, "first_day": "2026-10-12", "report_date": lastDay})
	got := answer(t, disturbed.data, fmt.Sprintf(pipelineDaysOfPresent, "2026-10-12", lastDay))
	if diff := cmp.Diff(withApps(books), withApps(got)); diff != "" {
		t.Errorf("truth (-) and the nights (+) differ:\n%s", diff)
	}
	if len(books) < n.leastRows {
		t.Errorf("the truth has %d rows only", len(books))
	}
}

// A month is what some nights left behind.
type month struct {
	data string
	last *servedSandbox
}

// firstNight is the day of the first run.
var firstNight = time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)

// nights are runs on days that follow each other; indices count from 0.
type nights struct {
	count     int
	outage    []int // nothing runs
	late      []int // Microsoft is late
	calls     int   // of each report in a night; 0 is Microsoft's number
	leastRows int   // that the sandbox's books must have for a comparison to be worth something
}

// sync syncs night by night.
func (n nights) sync(t *testing.T) month {
	t.Helper()
	const users, seed = 60, 9
	m := month{data: filepath.Join(t.TempDir(), "data")}
	for night := range n.count {
		if slices.Contains(n.outage, night) {
			continue
		}
		var faults []string
		if slices.Contains(n.late, night) {
			faults = []string{"day_late:getTeamsUserActivityUserDetail"}
		}
		day := firstNight.AddDate(0, 0, night).Format(time.DateOnly)
		m.last = serveSandbox(t, sandboxOptions{users: users, seed: seed, day: day, faults: faults, calls: n.calls})
		m.last.sync(t, m.data, true)
		_ = m.last.server.Close() // its port is not needed any more
	}
	return m
}

// pipelineDaysOfPresent is pipelineDays for the people the directory still has: the truth knows no
// others.
const pipelineDaysOfPresent = `
SELECT u.user_principal_name, d.app, d.report_date, d.actions
FROM app_activity_daily AS d
JOIN users AS u USING (tenant_id, user_key)
WHERE u.deleted_at IS NULL AND d.report_date BETWEEN DATE '%s' AND DATE '%s'
ORDER BY ALL`

// withApps keeps the lines about the apps that fewReports decide.
func withApps(lines []string) []string {
	var kept []string
	for _, line := range lines {
		for _, app := range []string{"word", "excel", "powerpoint", "onenote", "teams_app", "outlook_app",
			"microsoft_teams"} {
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
