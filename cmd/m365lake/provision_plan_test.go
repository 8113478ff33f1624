package main

import (
	"encoding/json"
	"strings"
	"testing"

	"m365lake/provision"
)

// From a verdict of the warehouse to a saved plan: what is said, in both forms, and what is kept.
func TestProvisionPlan(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, sandboxOptions{users: 300, seed: 7, day: "2026-11-23"})
	data := t.TempDir()
	s.sync(t, data, exitGood)
	asked := func(question string) string { return answer(t, data, question)[1] }
	inactive := asked(
		"SELECT user_principal_name || ',' || sku_part_number FROM reclaimable_licenses WHERE granted = 'direct' AND " +
			"reason = 'disabled account' LIMIT 1")
	name, sku, _ := strings.Cut(strings.Trim(inactive, `"`), ",")
	at := []string{"--data", data, "--config", s.config, "--as", "anna"}
	provisioning := func(want int, args ...string) string {
		t.Helper()
		return command(t, want, append(append([]string{"provision"}, args...), at...)...)
	}
	provisioning(exitGood, "init")
	if got := provisioning(exitGood, "plan"); got != "nothing to plan: no change is requested and due\n" {
		t.Error(got)
	}
	provisioning(exitGood, "add", "--action", "remove_license", "--user", name, "--sku", sku, "--basis",
		"disabled account")
	provisioning(exitGood, "add", "--action", "disable_user", "--user", "nobody@nowhere.example")
	provisioning(exitGood, "add", "--action", "remove_license", "--user", name, "--sku", sku)

	var printed struct {
		Plans []struct {
			provision.Plan
			Hash string
		}
	}
	err := json.Unmarshal([]byte(provisioning(exitGood, "plan", "--json", "--action", "1")), &printed)
	if err != nil || len(printed.Plans) != 1 {
		t.Fatal(err, printed)
	}
	plan := printed.Plans[0]
	step := plan.Steps[0]
	if len(plan.Steps) != 1 || step.Verdict != provision.Change || plan.Hash != plan.Plan.Hash() ||
		plan.CreatedBy != "anna" || step.Evidence.Basis != "disabled account" ||
		!strings.HasPrefix(step.Sentence, "Removes ") || !strings.Contains(step.Sentence, "confidence high") {
		t.Errorf("%+v", plan)
	}
	if got := provisioning(exitUsage, "plan", "--action",
		"1"); got != "m365lake: action 1 is not waiting to be planned; m365lake provision status shows what became of it\n" {
		t.Error(got)
	}
	got := provisioning(exitGaps, "plan")
	for _, part := range []string{
		"   1  change        Removes ", "   2  refused       Refused: there is no user nobody@nowhere.example. " +
			"[unknown_user]\n",
		"\nseats\n      ", " assigned, then ", "seats that move without a known price: 1\n",
		"\n1 to change, 0 already done, 1 refused, 0 without a seat\n", "go on with m365lake provision approve plan-",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is not in\n%s", part, got)
		}
	}
	if got := provisioning(exitUsage, "plan", "--tenant", "fabrikam"); !strings.Contains(got,
		`--tenant "fabrikam": the configuration has no such tenant`) {
		t.Error(got)
	}
	if changes := s.server.Changes(); len(changes) != 0 {
		t.Errorf("planning changed the tenant: %v", changes)
	}
	var status struct {
		Plans   []struct{ Plan, Status string }
		Actions []struct{ Status string }
	}
	err = json.Unmarshal([]byte(provisioning(exitGood, "status", "--json")), &status)
	if err != nil || len(status.Plans) != 2 {
		t.Errorf("%v %+v", err, status)
	}
}
