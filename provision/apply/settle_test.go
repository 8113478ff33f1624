package apply

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
)

// What a run that died left open is settled by looking: done, not done and then done again, or as
// nobody wanted it.
func TestSettleOpenIntents(t *testing.T) {
	a := newApplyTenant(t, 300)
	people := a.cloud("POWER_BI_STANDARD", false)
	plan := a.planned(
		provision.Action{Kind: provision.SetUsageLocation, User: people[0], UsageLocation: "NZ"},
		provision.Action{Kind: provision.SetUsageLocation, User: people[1], UsageLocation: "NZ"},
		provision.Action{Kind: provision.SetUsageLocation, User: people[2], UsageLocation: "NZ"},
	)
	died := *a.applier
	died.RunID = "died"
	for i := range plan.Steps {
		run := &application{Applier: &died, runID: died.RunID, plan: plan}
		if err := run.appendEntry(t.Context(), &plan.Steps[i], provision.Intent, plan.Steps[i].User, "", "", ""); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := plan.Steps[2]
	elsewhere.After.UsageLocation = new("FR")
	for _, s := range []provision.Step{plan.Steps[0], elsewhere} {
		if _, err := a.Client.Do(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	summary := a.apply(plan)
	var got []provision.Status
	for _, o := range summary.Outcomes {
		got = append(got, o.Status)
	}
	if diff := cmp.Diff([]provision.Status{provision.Applied, provision.Applied, provision.Failed}, got); diff != "" {
		t.Error(diff)
	}
	if o := summary.Outcomes[2]; o.Code != "not_as_wanted" {
		t.Errorf("%+v", o)
	}
	want := map[int64][]provision.Event{
		1: {provision.Intent, provision.Settled}, 2: {provision.Intent, provision.NotDone, provision.Intent, provision.Done},
		3: {provision.Intent, provision.Mismatch}}
	if diff := cmp.Diff(want, a.events()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[provision.Status]int{provision.Applied: 2, provision.Failed: 1}, a.statuses()); diff != "" {
		t.Error(diff)
	}
	if n := len(a.Server.Changes()); n != 3 {
		t.Errorf("%d changes", n)
	}
}
