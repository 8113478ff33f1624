package main

import (
	"errors"
	"testing"

	"m365lake/graph/auth"

	"github.com/google/go-cmp/cmp"

	"m365lake/notify"
	"m365lake/pipeline"
)

// A message about a run has no detail of a gap, and no error's text except that of a refused sign-in.
func TestNotifiedRun(t *testing.T) {
	t.Parallel()
	summary := pipeline.Result{Warehouse: "w", Tenants: []pipeline.TenantResult{
		{Name: "north", ID: "n", Requests: 84, Failures: []pipeline.Failure{
			{Source: "copilot_usage_user_detail_D7", Status: "failed", Detail: "for anna@north.example"},
			{Source: "copilot_usage_user_detail_D30", Status: "failed", Detail: "for anna@north.example"},
			{Source: "user_roles", Status: "failed", Detail: "refused"},
		}},
		{Name: "south", ID: "s", Err: errors.New("a row of anna@south.example")},
		{Name: "west", ID: "w", Err: &auth.TokenError{Status: 401, Code: "invalid_client", AADSTS: 7000215}},
	}}
	want := notify.Run{ID: "id", Version: version(), ExitCode: 1, Outcome: notify.WithGaps, Published: true,
		Tenants: []notify.Tenant{
			{Name: "north", ID: "n", Requests: 84, Failures: 3, Gaps: []notify.Gap{
				{Source: "copilot_usage_user_detail D7 D30", Status: "failed"}, {Source: "user_roles", Status: "failed"}}},
			{Name: "south", ID: "s", Failed: true},
			{Name: "west", ID: "w", Failed: true, Cause: "sign-in: 401 invalid_client AADSTS7000215"},
		}}
	if diff := cmp.Diff(want, notifiedRun("id", summary, exitGaps)); diff != "" {
		t.Error(diff)
	}
	for code, want := range map[int]notify.Outcome{
		exitGood: notify.Succeeded, exitUsage: notify.Failed, exitNothing: notify.Failed, exitInterrupted: notify.Interrupted,
	} {
		if got := notifiedRun("id", pipeline.Result{}, code); got.Outcome != want || got.Published {
			t.Errorf("exit code %d: %+v", code, got)
		}
	}
}
