package provision

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// planLive plans in a sandbox.
func planLive(l *liveTenant, in PlanInput) *Plan {
	l.Helper()
	in.Settings, in.Now, in.By = DefaultSettings(), l.now, "anna"
	plan, err := Draft(l.Context(), l.directory, nil, nil, in)
	if err != nil {
		l.Fatal(err)
	}
	return plan
}

// Every kind of action is planned, done, read back, taken back and read back: the tenant is then as
// it was, but for what cannot be had back.
func TestEveryKindThereAndBack(t *testing.T) {
	l := newLiveTenant(t, 400)
	all, err := l.directory.products(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id := func(part string) string { return all.find(part)[0].id }
	e3, powerBI := id("ENTERPRISEPACK"), id("POWER_BI_PRO")
	holders := l.users(func(a *account) bool {
		return a.direct(e3).Assigned && len(a.givingGroups()) == 0 && a.UsageLocation != "" && *a.AccountEnabled && !a.holds(powerBI)
	})
	if len(holders) < 3 {
		t.Fatalf("only %d holders of Office 365 E3", len(holders))
	}
	ana := holders[0]
	groupID := l.group(func(g *group) bool {
		return !g.dynamic() && !g.synced() && strings.Contains(g.DisplayName, "Copilot")
	})
	domain := ana.UserPrincipalName[strings.Index(ana.UserPrincipalName, "@"):]
	for _, c := range []struct {
		action Action
		differ bool // whether the tenant cannot be quite as it was
		stays  bool // whether it cannot be undone at all
	}{
		{action: Action{Kind: RemoveLicense, SKU: "ENTERPRISEPACK"}},
		{action: Action{Kind: AssignLicense, SKU: "power_bi_pro"}},
		{action: Action{Kind: AssignLicense, SKU: powerBI, DisabledPlans: []string{}}},
		{action: Action{Kind: SwapLicense, SKU: "ENTERPRISEPACK", NewSKU: "STANDARDPACK"}},
		{action: Action{Kind: SetDisabledPlans, SKU: "ENTERPRISEPACK", DisabledPlans: []string{"YAMMER_ENTERPRISE"}}},
		{action: Action{Kind: DisableUser}},
		{action: Action{Kind: SetUsageLocation, UsageLocation: "NZ"}},
		{action: Action{Kind: AddToGroup, Group: groupID}},
		{action: Action{Kind: DeleteUser}},
		{action: Action{Kind: CreateUser, User: "New.Person" + domain, DisplayName: "New Person", UsageLocation: "DE"}, differ: true},
		{action: Action{Kind: RevokeSessions}, differ: true, stays: true},
	} {
		t.Run(string(c.action.Kind), func(t *testing.T) {
			l.T = t
			if c.action.User == "" {
				c.action.User = ana.UserPrincipalName
			}
			state := string(l.server.State())
			plan := planLive(l, PlanInput{Actions: []Action{l.action(c.action)}})
			if len(plan.Steps) != 1 || plan.Steps[0].Verdict != Change {
				t.Fatalf("%+v", plan.Steps)
			}
			step := plan.Steps[0]
			receipt := l.do(step)
			if state == string(l.server.State()) && !c.stays {
				t.Fatal("nothing changed")
			}
			if again := planLive(l, PlanInput{Actions: []Action{l.action(c.action)}}).Steps[0]; again.Verdict != Nothing && c.action.Kind != SwapLicense && c.action.Kind != CreateUser && c.action.Kind != DeleteUser && c.action.Kind != RevokeSessions {
				t.Errorf("a second time: %s %s", again.Verdict, again.Sentence)
			}
			entry := Entry{ID: 9, Event: Done, Kind: step.Kind, User: step.User, Before: step.Before, After: step.After}
			if receipt.UserID != "" {
				entry.User.ID = receipt.UserID
			}
			opposite := map[Kind]Kind{RemoveLicense: AssignLicense, AssignLicense: RemoveLicense, DisableUser: EnableUser, AddToGroup: RemoveFromGroup, DeleteUser: RestoreUser, CreateUser: DeleteUser}
			undo := l.action(Action{Kind: step.Kind, User: step.User.UserPrincipalName, UndoOf: 9})
			if kind, is := opposite[step.Kind]; is {
				undo.Kind = kind
			}
			back := planLive(l, PlanInput{Actions: []Action{undo}, Undo: map[int64]Entry{9: entry}}).Steps[0]
			if c.stays {
				if back.Verdict != Refuse || back.Code != "cannot_be_undone" {
					t.Errorf("%+v", back)
				}
				return
			}
			if back.Verdict != Change || back.UndoOf != 9 {
				t.Fatalf("%+v", back)
			}
			l.do(back)
			if diff := cmp.Diff(state, string(l.server.State())); diff != "" && !c.differ {
				t.Errorf("not as it was:\n%s", diff)
			}
		})
	}
	l.T = t
	if dangers := l.server.Dangers(); len(dangers) > 0 {
		t.Error(dangers)
	}
}

// What is made in a plan can be given a licence in the same plan, though it has no id yet.
func TestNewUserIsLicensedInTheSamePlan(t *testing.T) {
	l := newLiveTenant(t, 300)
	ana := l.users(func(*account) bool { return true })[0]
	name := "Joiner" + ana.UserPrincipalName[strings.Index(ana.UserPrincipalName, "@"):]
	plan := planLive(l, PlanInput{Actions: []Action{
		l.action(Action{Kind: AssignLicense, User: name, SKU: "POWER_BI_PRO"}),
		l.action(Action{Kind: CreateUser, User: name, DisplayName: "Joiner", UsageLocation: "DE"}),
	}})
	var kinds []Kind
	for _, s := range plan.Steps {
		kinds = append(kinds, s.Kind)
		if s.Verdict != Change || s.User.UserPrincipalName != name {
			t.Fatalf("%+v", s)
		}
		l.do(s)
	}
	if diff := cmp.Diff([]Kind{CreateUser, AssignLicense}, kinds); diff != "" {
		t.Error(diff)
	}
}

// 2,000 actions are planned in seconds.
func TestPlanOfManyActions(t *testing.T) {
	l := newLiveTenant(t, 8000)
	var actions []Action
	for _, a := range l.users(func(*account) bool { return true }) {
		if len(actions) < 2000 {
			actions = append(actions, l.action(Action{Kind: DisableUser, User: a.UserPrincipalName}))
		}
	}
	requests := l.directory.Client.Stats().Requests
	start := time.Now()
	plan := planLive(l, PlanInput{Actions: actions})
	if took := time.Since(start); len(plan.Steps) != 2000 || took > 20*time.Second {
		t.Errorf("%d steps in %v", len(plan.Steps), took)
	} else if os.Getenv("VERBOSE") != "" {
		fmt.Println(took, l.directory.Client.Stats().Requests-requests, "requests")
	}
	if plan.Users < 2000 {
		t.Errorf("%d users", plan.Users)
	}
}

// Throttled and failed parts of batches change nothing of what a plan says.
func TestPlanUnderFaults(t *testing.T) {
	plans := map[string][]string{}
	for _, faults := range [][]string{nil, {"batch_throttled", "batch_failed"}} {
		l := newLiveTenant(t, 300, faults...)
		var actions []Action
		for _, a := range l.users(func(*account) bool { return true })[:60] {
			actions = append(actions, l.action(Action{Kind: RemoveLicense, User: a.ID, SKU: "ENTERPRISEPACK"}))
		}
		for _, s := range planLive(l, PlanInput{Actions: actions}).Steps {
			plans[fmt.Sprint(faults)] = append(plans[fmt.Sprint(faults)], fmt.Sprint(s.ActionID, s.Verdict, s.Code, s.Sentence, s.Before, s.After))
		}
		if faults != nil && l.directory.Client.Stats().Retries == 0 {
			t.Error("no fault was met")
		}
	}
	if diff := cmp.Diff(plans["[]"], plans["[batch_throttled batch_failed]"]); diff != "" || len(plans["[]"]) != 60 {
		t.Error(diff)
	}
}
