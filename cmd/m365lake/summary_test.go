package main

import (
	"slices"
	"testing"
)

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
