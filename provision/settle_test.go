package provision

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a run that died left open is settled by looking: done, not done and then done again, or as
// nobody wanted it.
func TestSettleOpenIntents(t *testing.T) {
	a := newApplyTenant(t, 300)
	people := a.cloud("POWER_BI_STANDARD", false)
	plan := a.planned(
		Action{Kind: SetUsageLocation, User: people[0], UsageLocation: "NZ"},
		Action{Kind: SetUsageLocation, User: people[1], UsageLocation: "NZ"},
		Action{Kind: SetUsageLocation, User: people[2], UsageLocation: "NZ"},
	)
	died := *a.applier
	died.RunID = "died"
	for i := range plan.Steps {
		run := &application{Applier: &died, plan: plan}
		if err := run.note(t.Context(), &plan.Steps[i], Intent, plan.Steps[i].User, "", "", ""); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := plan.Steps[2]
	elsewhere.After.UsageLocation = new("FR")
	for _, s := range []Step{plan.Steps[0], elsewhere} {
		if _, err := a.directory.Do(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	summary := a.apply(plan)
	var got []Status
	for _, o := range summary.Outcomes {
		got = append(got, o.Status)
	}
	if diff := cmp.Diff([]Status{Applied, Applied, Failed}, got); diff != "" {
		t.Error(diff)
	}
	if o := summary.Outcomes[2]; o.Code != "not_as_wanted" {
		t.Errorf("%+v", o)
	}
	want := map[int64][]Event{1: {Intent, Settled}, 2: {Intent, NotDone, Intent, Done}, 3: {Intent, Mismatch}}
	if diff := cmp.Diff(want, a.events()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[Status]int{Applied: 2, Failed: 1}, a.statuses()); diff != "" {
		t.Error(diff)
	}
	if n := len(a.server.Changes()); n != 3 {
		t.Errorf("%d changes", n)
	}
}
