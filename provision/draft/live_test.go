package draft

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
	"m365lake/provision/internal/livetest"
	"m365lake/provision/plan"
	"m365lake/provision/snapshot"
)

// planLive plans in a sandbox.
func planLive(l *livetest.Tenant, in plan.Input) *provision.Plan {
	l.Helper()
	in.Settings, in.Now, in.By = provision.DefaultSettings(), l.Now, "anna"
	made, err := Draft(l.Context(), l.Client, nil, nil, in)
	if err != nil {
		l.Fatal(err)
	}
	return made
}

// Every kind of action is planned, done, read back, taken back and read back: the tenant is then as
// it was, except for what cannot be restored.
func TestEveryKindThereAndBack(t *testing.T) {
	l := livetest.NewTenant(t, 400)
	all, err := l.Client.ReadProducts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id := func(part string) string { return all.Find(part)[0].ID }
	e3, powerBI := id("ENTERPRISEPACK"), id("POWER_BI_PRO")
	holders := l.Users(func(a *snapshot.Account) bool {
		return a.DirectGrant(e3).Assigned && len(a.LicensingGroups()) == 0 && a.UsageLocation != "" && *a.AccountEnabled &&
			!a.Holds(powerBI)
	})
	if len(holders) < 3 {
		t.Fatalf("only %d holders of Office 365 E3", len(holders))
	}
	ana := holders[0]
	groupID := l.Group(func(g *snapshot.Group) bool {
		return !g.IsDynamic() && !g.IsSynced() && strings.Contains(g.DisplayName, "Copilot")
	})
	domain := ana.UserPrincipalName[strings.Index(ana.UserPrincipalName, "@"):]
	for _, c := range []struct {
		action provision.Action
		differ bool // whether the tenant cannot be quite as it was
		stays  bool // whether it cannot be undone at all
	}{
		{action: provision.Action{Kind: provision.RemoveLicense, SKU: "ENTERPRISEPACK"}},
		{action: provision.Action{Kind: provision.AssignLicense, SKU: "power_bi_pro"}},
		{action: provision.Action{Kind: provision.AssignLicense, SKU: powerBI, DisabledPlans: []string{}}},
		{action: provision.Action{Kind: provision.SwapLicense, SKU: "ENTERPRISEPACK", NewSKU: "STANDARDPACK"}},
		{action: provision.Action{Kind: provision.SetDisabledPlans, SKU: "ENTERPRISEPACK",
			DisabledPlans: []string{"YAMMER_ENTERPRISE"}}},
		{action: provision.Action{Kind: provision.DisableUser}},
		{action: provision.Action{Kind: provision.SetUsageLocation, UsageLocation: "NZ"}},
		{action: provision.Action{Kind: provision.AddToGroup, Group: groupID}},
		{action: provision.Action{Kind: provision.DeleteUser}},
		{action: provision.Action{Kind: provision.CreateUser, User: "New.Person" + domain, DisplayName: "New Person",
			UsageLocation: "DE"}, differ: true},
		{action: provision.Action{Kind: provision.RevokeSessions}, differ: true, stays: true},
	} {
		t.Run(string(c.action.Kind), func(t *testing.T) {
			l.T = t
			if c.action.User == "" {
				c.action.User = ana.UserPrincipalName
			}
			state := string(l.Server.State())
			made := planLive(l, plan.Input{Actions: []provision.Action{l.Action(c.action)}})
			if len(made.Steps) != 1 || made.Steps[0].Verdict != provision.Change {
				t.Fatalf("%+v", made.Steps)
			}
			step := made.Steps[0]
			receipt := l.Do(step)
			if state == string(l.Server.State()) && !c.stays {
				t.Fatal("nothing changed")
			}
			if again := planLive(l, plan.Input{Actions: []provision.Action{
				l.Action(c.action)}}).Steps[0]; again.Verdict != provision.Nothing && c.action.Kind != provision.SwapLicense &&
				c.action.Kind != provision.CreateUser && c.action.Kind != provision.DeleteUser &&
				c.action.Kind != provision.RevokeSessions {
				t.Errorf("a second time: %s %s", again.Verdict, again.Sentence)
			}
			entry := provision.Entry{ID: 9, Event: provision.Done, Kind: step.Kind, User: step.User, Before: step.Before,
				After: step.After}
			if receipt.UserID != "" {
				entry.User.ID = receipt.UserID
			}
			opposite := map[provision.Kind]provision.Kind{
				provision.RemoveLicense: provision.AssignLicense, provision.AssignLicense: provision.RemoveLicense,
				provision.DisableUser: provision.EnableUser, provision.AddToGroup: provision.RemoveFromGroup,
				provision.DeleteUser: provision.RestoreUser, provision.CreateUser: provision.DeleteUser}
			undo := l.Action(provision.Action{Kind: step.Kind, User: step.User.UserPrincipalName, UndoOf: 9})
			if kind, is := opposite[step.Kind]; is {
				undo.Kind = kind
			}
			back := planLive(l, plan.Input{Actions: []provision.Action{undo},
				Undo: map[int64]provision.Entry{9: entry}}).Steps[0]
			if c.stays {
				if back.Verdict != provision.Refuse || back.Code != "cannot_be_undone" {
					t.Errorf("%+v", back)
				}
				return
			}
			if back.Verdict != provision.Change || back.UndoOf != 9 {
				t.Fatalf("%+v", back)
			}
			l.Do(back)
			if diff := cmp.Diff(state, string(l.Server.State())); diff != "" && !c.differ {
				t.Errorf("not as it was:\n%s", diff)
			}
		})
	}
	l.T = t
	if dangers := l.Server.Dangers(); len(dangers) > 0 {
		t.Error(dangers)
	}
}

// An account that a plan creates can get a licence in the same plan, though it has no id yet.
func TestNewUserIsLicensedInTheSamePlan(t *testing.T) {
	l := livetest.NewTenant(t, 300)
	ana := l.Users(func(*snapshot.Account) bool { return true })[0]
	name := "Joiner" + ana.UserPrincipalName[strings.Index(ana.UserPrincipalName, "@"):]
	made := planLive(l, plan.Input{Actions: []provision.Action{
		l.Action(provision.Action{Kind: provision.AssignLicense, User: name, SKU: "POWER_BI_PRO"}),
		l.Action(provision.Action{Kind: provision.CreateUser, User: name, DisplayName: "Joiner", UsageLocation: "DE"}),
	}})
	var kinds []provision.Kind
	for _, s := range made.Steps {
		kinds = append(kinds, s.Kind)
		if s.Verdict != provision.Change || s.User.UserPrincipalName != name {
			t.Fatalf("%+v", s)
		}
		l.Do(s)
	}
	if diff := cmp.Diff([]provision.Kind{provision.CreateUser, provision.AssignLicense}, kinds); diff != "" {
		t.Error(diff)
	}
}

// 2,000 actions are planned in seconds.
func TestPlanOfManyActions(t *testing.T) {
	l := livetest.NewTenant(t, 8000)
	var actions []provision.Action
	for _, a := range l.Users(func(*snapshot.Account) bool { return true }) {
		if len(actions) < 2000 {
			actions = append(actions, l.Action(provision.Action{Kind: provision.DisableUser, User: a.UserPrincipalName}))
		}
	}
	requests := l.Client.Graph.Stats().Requests
	start := time.Now()
	made := planLive(l, plan.Input{Actions: actions})
	if took := time.Since(start); len(made.Steps) != 2000 || took > 20*time.Second {
		t.Errorf("%d steps in %v", len(made.Steps), took)
	} else if os.Getenv("VERBOSE") != "" {
		fmt.Println(took, l.Client.Graph.Stats().Requests-requests, "requests")
	}
	if made.Users < 2000 {
		t.Errorf("%d users", made.Users)
	}
}

// Throttled and failed parts of batches change nothing of what a plan says.
func TestPlanUnderFaults(t *testing.T) {
	plans := map[string][]string{}
	for _, faults := range [][]string{nil, {"batch_throttled", "batch_failed"}} {
		l := livetest.NewTenant(t, 300, faults...)
		var actions []provision.Action
		for _, a := range l.Users(func(*snapshot.Account) bool { return true })[:60] {
			actions = append(actions, l.Action(provision.Action{
				Kind: provision.RemoveLicense, User: a.ID, SKU: "ENTERPRISEPACK"}))
		}
		for _, s := range planLive(l, plan.Input{Actions: actions}).Steps {
			plans[fmt.Sprint(faults)] = append(
				plans[fmt.Sprint(faults)], fmt.Sprint(s.ActionID, s.Verdict, s.Code, s.Sentence, s.Before, s.After))
		}
		if faults != nil && l.Client.Graph.Stats().Retries == 0 {
			t.Error("no fault was met")
		}
	}
	if diff := cmp.Diff(plans["[]"], plans["[batch_throttled batch_failed]"]); diff != "" || len(plans["[]"]) != 60 {
		t.Error(diff)
	}
}
