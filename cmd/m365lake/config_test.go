package main

import (
	"slices"
	"testing"
	"time"

	"m365lake/schemas"
)

// The configuration that comes with the program lists what would be asked for without it.
func TestPipelinesListsTheDefaults(t *testing.T) {
	c, err := readConfigIfAny("../../pipelines.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Reports, schemas.Reports()) || !slices.Equal(c.Reports, defaultConfig().Reports) {
		t.Error("pipelines.yaml does not list every report in the order of schemas.Reports")
	}
	if !slices.Equal(c.Counts, schemas.CountReports()) {
		t.Error("pipelines.yaml does not list every count report in the order of schemas.CountReports")
	}
	if !slices.Equal(c.Periods, defaultConfig().Periods) {
		t.Errorf("periods %v", c.Periods)
	}
}

// The periods of a report that failed alike are one line; a report without periods has none.
func TestFailureLines(t *testing.T) {
	lines := failureLines([]failure{
		{"copilot_usage_user_detail_D7", "failed", "no"},
		{"copilot_usage_user_detail_D28", "failed", "no"},
		{"office365_activations_user_detail", "empty", "nothing"},
		{"users", "failed", "refused"},
	})
	want := []string{
		"copilot_usage_user_detail D7 D28: failed: no",
		"office365_activations_user_detail: empty: nothing",
		"users: failed: refused",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("%q", lines)
	}
}

// Ages count on the calendar.
func TestAges(t *testing.T) {
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{"1d": "2026-11-22", "30d": "2026-10-24", "26w": "2026-05-25", "3y": "2023-11-23"} {
		a, err := parseAge(text)
		if got := a.before(day).Format(time.DateOnly); err != nil || got != want {
			t.Errorf("%s before is %s instead of %s: %v", text, got, want, err)
		}
	}
	for _, bad := range []string{"", "0d", "30", "3m", "-1d", "1.5y", "30 d", "999999d"} {
		if _, err := parseAge(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
