package pipeline_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// pipelineFrequency asks the warehouse for what truth_frequency.sql computes. A department in which
// nobody is licensed for the app is no row of the truth.
const pipelineFrequency = `
SELECT app, report_period, all_departments, department, licensed_users, days_known, daily_users IS NOT NULL AS judged,
  daily_users, weekly_users, monthly_users, none_users
FROM activity_frequency
WHERE licensed_users > 0
ORDER BY ALL`

// pipelineTrend asks the warehouse for what truth_trend.sql computes.
const pipelineTrend = `
SELECT grain, starts_on, app, active_users, actions, days_known
FROM usage_trend
ORDER BY ALL`

// wideBudget keeps a backfill from waiting for Graph.
const wideBudget = 100

func TestHistoryEqualsTheTruth(t *testing.T) {
	t.Parallel()
	historyEqualsTheTruth(t, 1)
}

// Every cell of activity_frequency and usage_trend equals what plain SQL makes of the sandbox's own
// books, with the 27 days that Microsoft gives.
func historyEqualsTheTruth(t *testing.T, seeds ...uint64) {
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := serveSandbox(
				t,
				sandboxOptions{users: 300, seed: seed, day: "2026-11-20", reports: allReports, calls: wideBudget},
			)
			data := filepath.Join(t.TempDir(), "data")
			s.backfill(t, data)

			truth := filepath.Join(t.TempDir(), "truth")
			if err := s.tenant.WriteTruth(truth); err != nil {
				t.Fatal(err)
			}
			known := map[string]string{
				"truth":       truth,
				"first_day":   "2026-10-23",
				"report_date": "2026-11-18",
				"apps":        appNames(),
			}
			sameAsTruth(t, data, "truth_frequency.sql", known, pipelineFrequency, 14*4*10)
			sameAsTruth(t, data, "truth_trend.sql", known, pipelineTrend, 300)
		})
	}
}

func TestHistoryOfMonths(t *testing.T) {
	t.Parallel()
	historyOfBackfills(t, 3, 500)
}

// After backfills of which each is 22 days after the other, all days since the first are known, and so
// is how often people use what; eight of them make the 180 days of the longest period. They overlap,
// because a day that comes empty is asked for again until it is a week old. leastRows is how many rows
// the history must have for the test to be worth something.
func historyOfBackfills(t *testing.T, backfills, leastRows int) {
	data := filepath.Join(t.TempDir(), "data")
	last := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	var s *servedSandbox
	for back := backfills - 1; back >= 0; back-- {
		day := last.AddDate(0, 0, -22*back).Format(time.DateOnly)
		s = serveSandbox(t, sandboxOptions{users: 150, seed: 5, day: day, calls: wideBudget})
		s.backfill(t, data)
		_ = s.server.Close()
	}
	truth := filepath.Join(t.TempDir(), "truth")
	if err := s.tenant.WriteTruth(truth); err != nil {
		t.Fatal(err)
	}
	sameAsTruth(t, data, "truth_frequency.sql", map[string]string{
		"truth": truth, "first_day": last.AddDate(0, 0, -22*(backfills-1)-28).Format(time.DateOnly),
		"report_date": "2026-11-18",
		"apps":        "word excel powerpoint onenote teams_app outlook_app skype_for_business microsoft_teams",
	}, pipelineFrequency, 9*4*10)

	// The truth no longer knows who left, but the warehouse has all of them day by day.
	want := answer(t, data, `
		WITH days AS (
			SELECT app, user_key, report_date, actions FROM app_activity_daily
			UNION ALL
			SELECT DISTINCT 'cumulative', user_key, report_date, NULL FROM app_activity_daily)
		SELECT grain, date_trunc(grain, report_date)::DATE AS starts_on, app,
			count(DISTINCT user_key) AS active_users, sum(actions)::BIGINT AS actions
		FROM days, (SELECT unnest(['day', 'week', 'month']) AS grain)
		GROUP BY ALL ORDER BY ALL`)
	got := answer(t, data, "SELECT grain, starts_on, app, active_users, actions FROM usage_trend ORDER BY ALL")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("app_activity_daily (-) and usage_trend (+) differ:\n%s", diff)
	}
	if len(want) < leastRows {
		t.Errorf("the history has %d rows only", len(want))
	}
}

// sameAsTruth wants the warehouse to answer what the truth does, in at least so many rows.
func sameAsTruth(t *testing.T, data, file string, variables map[string]string, question string, least int) {
	t.Helper()
	want := askTruth(t, file, variables)
	if diff := cmp.Diff(want, answer(t, data, question)); diff != "" {
		t.Errorf("%s (-) and the warehouse (+) differ:\n%s", file, diff)
	}
	if len(want) < least {
		t.Errorf("%s has %d rows only", file, len(want))
	}
}
