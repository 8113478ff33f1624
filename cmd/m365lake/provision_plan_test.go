package main

import (
	"encoding/json"
	"strings"
	"testing"

	"m365lake/config"
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
		"SELECT user_principal_name || ',' || sku_part_number FROM reclaimable_licenses WHERE granted = 'direct' AND reason = 'disabled account' LIMIT 1")
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
	provisioning(exitGood, "add", "--action", "remove_license", "--user", name, "--sku", sku, "--basis", "disabled account")
	provisioning(exitGood, "add", "--action", "disable_user", "--user", "nobody@nowhere.example")
	provisioning(exitGood, "add", "--action", "remove_license", "--user", name, "--sku", sku)

	var printed struct {
		Plans []struct {
			provision.Plan
			Hash string
		}
	}
	if err := json.Unmarshal([]byte(provisioning(exitGood, "plan", "--json", "--action", "1")), &printed); err != nil || len(printed.Plans) != 1 {
		t.Fatal(err, printed)
	}
	plan := printed.Plans[0]
	step := plan.Steps[0]
	if len(plan.Steps) != 1 || step.Verdict != provision.Change || plan.Hash != plan.Plan.Hash() ||
		plan.CreatedBy != "anna" || step.Evidence.Basis != "disabled account" ||
		!strings.HasPrefix(step.Sentence, "Removes ") || !strings.Contains(step.Sentence, "confidence high") {
		t.Errorf("%+v", plan)
	}
	if got := provisioning(exitUsage, "plan", "--action", "1"); got != "m365lake: action 1 is not waiting to be planned; m365lake provision status shows what became of it\n" {
		t.Error(got)
	}
	got := provisioning(exitGaps, "plan")
	for _, part := range []string{
		"   1  change        Removes ", "   2  refused       Refused: there is no user nobody@nowhere.example. [unknown_user]\n",
		"\nseats\n      ", " assigned, then ", "seats that move without a known price: 1\n",
		"\n1 to change, 0 already done, 1 refused, 0 without a seat\n", "go on with m365lake provision approve plan-",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is not in\n%s", part, got)
		}
	}
	if got := provisioning(exitUsage, "plan", "--tenant", "fabrikam"); !strings.Contains(got, `--tenant "fabrikam": the configuration has no such tenant`) {
		t.Error(got)
	}
	if changes := s.server.Changes(); len(changes) != 0 {
		t.Errorf("planning changed the tenant: %v", changes)
	}
	var status struct {
		Plans   []struct{ Plan, Status string }
		Actions []struct{ Status string }
	}
	if err := json.Unmarshal([]byte(provisioning(exitGood, "status", "--json")), &status); err != nil || len(status.Plans) != 2 {
		t.Errorf("%v %+v", err, status)
	}
}

// Where there are several tenants an action says which.
func TestPlannedTenants(t *testing.T) {
	t.Parallel()
	one, two := config.Tenant{Name: "contoso", TenantID: "a"}, config.Tenant{Name: "fabrikam", TenantID: "b"}
	action := func(tenant string) []provision.Action { return []provision.Action{{ID: 4, Tenant: tenant}} }
	for _, c := range []struct {
		tenants []config.Tenant
		only    string
		actions []provision.Action
		want    string // names, or a part of the error
	}{
		{[]config.Tenant{one}, "", action(""), "contoso"},
		{[]config.Tenant{one, two}, "", action("B"), "fabrikam"},
		{[]config.Tenant{one, two}, "", append(action("a"), action("fabrikam")...), "contoso fabrikam"},
		{[]config.Tenant{one, two}, "contoso", append(action("a"), action("fabrikam")...), "contoso"},
		{[]config.Tenant{one, two}, "", nil, ""},
		{[]config.Tenant{one, two}, "", action(""), "action 4 names no tenant, and there are several: contoso, fabrikam"},
		{[]config.Tenant{one}, "", action("contosso"), `action 4 is for the tenant "contosso", which the configuration does not have; did you mean "contoso"?`},
		{[]config.Tenant{one}, "x", nil, `--tenant "x"`},
	} {
		tenants, err := plannedTenants(config.Config{Tenants: c.tenants}, c.only, c.actions)
		var names []string
		for _, t := range tenants {
			names = append(names, t.Name)
		}
		if err != nil && !strings.Contains(err.Error(), c.want) || err == nil && strings.Join(names, " ") != c.want {
			t.Errorf("%v %v, want %s", names, err, c.want)
		}
	}
}
