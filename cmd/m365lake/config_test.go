package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"m365lake/schemas"
)

// The configuration that comes with the program lists every report and every count report, in
// whichever order; a name that stands there twice is a fault of the file.
func TestPipelinesListsEveryReport(t *testing.T) {
	c, err := readConfigIfAny("../../pipelines.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, r := range c.Reports {
		listed = append(listed, r.Name)
	}
	for _, r := range c.Counts {
		listed = append(listed, r.Name)
	}
	less := func(a, b string) bool { return a < b }
	if diff := cmp.Diff(reportNames(), listed, cmpopts.SortSlices(less)); diff != "" {
		t.Errorf("reports of the program (-) and of pipelines.yaml (+):\n%s", diff)
	}
	if !slices.Equal(defaultConfig().Reports, schemas.Reports()) || !slices.Equal(defaultConfig().Counts, schemas.CountReports()) {
		t.Error("without a list, other reports are asked for")
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
