package main

import (
	"slices"
	"testing"

	"m365lake/pipeline"
)

// The periods of a report that failed alike are one line; a report without periods has none.
func TestFailureLines(t *testing.T) {
	t.Parallel()
	lines := failureLines([]pipeline.Failure{
		{Source: "copilot_usage_user_detail_D7", Status: "failed", Detail: "no"},
		{Source: "copilot_usage_user_detail_D28", Status: "failed", Detail: "no"},
		{Source: "office365_activations_user_detail", Status: "empty", Detail: "nothing"},
		{Source: "users", Status: "failed", Detail: "refused"},
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
