package control

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
)

// planFor saves a plan that would do all these actions, whose first step a person asked for.
func planFor(t *testing.T, c *Database, id string, verdicts ...provision.Verdict) *provision.Plan {
	t.Helper()
	p := &provision.Plan{ID: id, TenantID: "t", TenantName: "contoso", CreatedAt: noon.In(time.FixedZone("CET", 3600)),
		CreatedBy: "planner", ExpiresAt: noon.Add(time.Hour), Users: 100}
	for i, verdict := range verdicts {
		action, err := c.AddAction(t.Context(), provision.Action{
			Kind: provision.DisableUser, User: fmt.Sprintf("u%d@x", i), RequestedBy: "Anna"})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := c.Actions(t.Context(), action)
		if err != nil {
			t.Fatal(err)
		}
		off, saving := false, 12.5
		p.Steps = append(p.Steps, provision.Step{
			Number: i + 1, ActionID: action, ActionHash: rows[0].Hash(), Kind: provision.DisableUser,
			User:    provision.User{ID: fmt.Sprint("u", i), UserPrincipalName: rows[0].User},
			Verdict: verdict, Sentence: "because", Before: provision.Facet{Enabled: new(bool)},
			After: provision.Facet{Enabled: &off}, RequestedBy: rows[0].RequestedBy, MonthlySaving: &saving, Currency: "EUR",
		})
	}
	return p
}

func savedPlan(t *testing.T, c *Database, id string, verdicts ...provision.Verdict) *provision.Plan {
	t.Helper()
	p := planFor(t, c, id, verdicts...)
	if err := c.SavePlan(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return p
}

func statusesOf(t *testing.T, c *Database) []string {
	t.Helper()
	actions, err := c.Actions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range actions {
		got = append(got, fmt.Sprintf("%s %s %s", a.Status, a.PlanID, a.Outcome))
	}
	return got
}

func TestSavedPlanComesBack(t *testing.T) {
	c := newControl(t)
	p := savedPlan(t, c, "p1", provision.Change, provision.Nothing, provision.Refuse, provision.NoSeat)
	got, err := c.Plan(t.Context(), "p1")
	if err != nil {
		t.Fatal(err)
	}
	if got.Hash() != p.Hash() || got.SavedHash != p.Hash() || got.Status != provision.PlanOpen || len(got.Steps) != 4 ||
		len(got.Decisions) != 0 {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([]string{"planned p1 ", "already_done p1 because", "refused p1 because",
		"waiting_for_seat p1 because"}, statusesOf(t, c)); diff != "" {
		t.Error(diff)
	}
	newest, err := c.Plan(t.Context(), "")
	if err != nil || newest.ID != "p1" {
		t.Errorf("%v, %v", newest, err)
	}
	savedPlan(t, c, "p2", provision.Nothing)
	plans, err := c.Plans(t.Context())
	if err != nil || len(plans) != 2 || plans[0].ID != "p2" || plans[0].Status != provision.PlanEmpty {
		t.Errorf("%v, %v", plans, err)
	}
	if newest, err = c.Plan(t.Context(), ""); err != nil || newest.ID != "p1" {
		t.Errorf("an empty plan waits for nothing: %v, %v", newest, err)
	}
	_, err = c.Plan(t.Context(), "p3")
	wantError(t, err, "no plan p3", "status")
}

func TestSavePlanRefuses(t *testing.T) {
	c := newControl(t)
	edited := planFor(t, c, "edited", provision.Change)
	c.exec(t, "UPDATE provisioning_actions SET target_user = 'boss@x'")
	wantError(t, c.SavePlan(t.Context(), edited), "plan edited: action 1 was changed or deleted", "plan again")

	taken := planFor(t, c, "taken", provision.Change)
	if err := c.SetOutcome(t.Context(), taken.Steps[0].ActionID, provision.Cancelled, ""); err != nil {
		t.Fatal(err)
	}
	wantError(t, c.SavePlan(t.Context(), taken), "action 2 is cancelled meanwhile")

	twice := planFor(t, c, "twice", provision.Change)
	twice.Steps = append(twice.Steps, twice.Steps[0])
	wantError(t, c.SavePlan(t.Context(), twice), "plan twice has an action in two steps")

	half := planFor(t, c, "half", provision.Change, "maybe")
	wantError(t, c.SavePlan(t.Context(), half), "plan half, step 2", `verdict "maybe"`)
	if diff := cmp.Diff([]string{"requested  ", "cancelled  ", "requested  ", "requested  ", "requested  "},
		statusesOf(t, c)); diff != "" {
		t.Error(diff)
	}
	if plans, err := c.Plans(t.Context()); err != nil || len(plans) != 0 {
		t.Errorf("%v, %v", plans, err)
	}
}

func TestPlanChangedByHand(t *testing.T) {
	for name, statement := range map[string]string{
		"column document does not fit plan_hash": "UPDATE provisioning_plans SET document = replace(document, 'u0@x', " +
			"'boss@x')",
		"column document: ": "UPDATE provisioning_plans SET document = replace(document, '\"users\"', " +
			"'\"user\"')",
		"column document: there is more":    "UPDATE provisioning_plans SET document = document || '{}'",
		"column document does not fit":      "UPDATE provisioning_plans SET plan_hash = 'x'",
		"columns created_at and expires_at": "UPDATE provisioning_plans SET expires_at = expires_at + INTERVAL 1 YEAR",
		"columns tenant_id":                 "UPDATE provisioning_plans SET tenant_id = 'other'",
	} {
		c := newControl(t)
		savedPlan(t, c, "p1", provision.Change)
		c.exec(t, statement)
		_, err := c.Plan(t.Context(), "p1")
		wantError(t, err, "table provisioning_plans, plan p1", name, "changed by hand")
		wantError(t, c.Approve(t.Context(), "p1", "bert", noon, ""), "changed by hand")
		if plans, err := c.Plans(t.Context()); err == nil {
			t.Errorf("%v", plans)
		}
		// It can still be put away, and its actions planned anew.
		if err := c.CancelPlan(t.Context(), "p1", "bert", noon); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"requested p1 "}, statusesOf(t, c)); diff != "" {
			t.Error(diff)
		}
		if plans, err := c.Plans(t.Context()); err != nil || len(plans) != 0 {
			t.Errorf("%v, %v", plans, err)
		}
	}
}

func TestApproval(t *testing.T) {
	settings := func(a provision.Approvals) provision.Settings {
		s := provision.DefaultSettings()
		s.Approvals = a
		return s
	}
	c := newControl(t)
	savedPlan(t, c, "p1", provision.Change, provision.Refuse)
	read := func() *provision.SavedPlan {
		t.Helper()
		p, err := c.Plan(t.Context(), "p1")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if err := read().CheckApproval(settings(provision.ApprovalNone)); err != nil {
		t.Error(err)
	}
	wantError(t, read().CheckApproval(settings(provision.ApprovalOne)), "plan p1 is not approved", "provision approve p1")
	wantError(t, c.Approve(t.Context(), "p1", " ", noon, ""), "nobody is named", "--as")
	wantError(t, c.Approve(t.Context(), "", "bert", noon, ""), "no plan is named")
	wantError(t, c.Approve(t.Context(), "p1", "bert", noon.Add(time.Hour), ""), "plan p1 expired on 2026-11-23 13:00 UTC")

	c.exec(t, "UPDATE settings SET value = 'different' WHERE setting = 'approvals'")
	wantError(t, c.Approve(t.Context(), "p1", " anna ", noon, ""), "requested action 1", "a different person")
	if p := read(); p.Status != provision.PlanOpen || len(p.Decisions) != 0 {
		t.Errorf("a refused approval left %+v", p)
	}
	c.exec(t, "UPDATE settings SET value = 'one' WHERE setting = 'approvals'")
	if err := c.Approve(t.Context(), "p1", "anna", noon, "mine"); err != nil {
		t.Fatal(err)
	}
	p := read()
	want := []provision.Decision{{PlanHash: p.SavedHash, Decision: provision.PlanApproved, By: "anna",
		At: noon.Truncate(time.Microsecond), Note: "mine"}}
	if diff := cmp.Diff(want, p.Decisions); diff != "" || p.Status != provision.PlanApproved {
		t.Errorf("%s %s", p.Status, diff)
	}
	if err := p.CheckApproval(settings(provision.ApprovalOne)); err != nil {
		t.Error(err)
	}
	// The rule became stricter after the approval.
	wantError(t, p.CheckApproval(settings(provision.ApprovalDifferent)), "anna requested action 1")
	wantError(t, c.Approve(t.Context(), "p1", "bert", noon, ""), "plan p1 is approved and cannot be approved any more")

	// An approval that was written by hand for another content counts for nothing.
	c.exec(t, "UPDATE provisioning_decisions SET plan_hash = 'x'")
	wantError(t, read().CheckApproval(settings(provision.ApprovalOne)), "no approval of what it says now")
	c.exec(t, "UPDATE provisioning_plans SET status = 'applied'")
	wantError(t, read().CheckApproval(settings(provision.ApprovalNone)), "plan p1 is applied")
}

func TestDifferentPersonNeedsRequester(t *testing.T) {
	c := newControl(t)
	c.exec(t, "UPDATE settings SET value = 'different' WHERE setting = 'approvals'")
	p := planFor(t, c, "p1", provision.Change)
	p.Steps[0].RequestedBy = ""
	if err := c.SavePlan(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	wantError(t, c.Approve(t.Context(), "p1", "bert", noon, ""), "nobody is said to have requested action 1",
		"requested_by")
	savedPlan(t, c, "p2", provision.Change)
	if err := c.Approve(t.Context(), "p2", "bert", noon, ""); err != nil {
		t.Error(err)
	}
}

func TestEditedAfterThePlan(t *testing.T) {
	c := newControl(t)
	p := savedPlan(t, c, "p1", provision.Change, provision.Change)
	if edited, err := c.EditedActions(t.Context(), p); err != nil || len(edited) != 0 {
		t.Errorf("%v, %v", edited, err)
	}
	c.exec(t, "UPDATE provisioning_actions SET action = 'delete_user' WHERE action_id = 2")
	wantError(t, c.Approve(t.Context(), "p1", "bert", noon, ""), "action 2 was changed or deleted after the plan was made")
	c.exec(t, "DELETE FROM provisioning_actions WHERE action_id = 1")
	if edited, err := c.EditedActions(t.Context(), p); err != nil || len(edited) != 2 {
		t.Errorf("%v, %v", edited, err)
	}
}

func TestRejectCancelExpire(t *testing.T) {
	c := newControl(t)
	savedPlan(t, c, "p1", provision.Change, provision.Refuse)
	if err := c.Reject(t.Context(), "p1", "bert", noon, "too many"); err != nil {
		t.Fatal(err)
	}
	savedPlan(t, c, "p2", provision.Change)
	if err := c.CancelPlan(t.Context(), "p2", "anna", noon); err != nil {
		t.Fatal(err)
	}
	savedPlan(t, c, "p3", provision.Change)
	if ids, err := c.ExpirePlans(t.Context(), noon.Add(time.Hour-time.Microsecond)); err != nil || len(ids) != 0 {
		t.Errorf("%v, %v", ids, err)
	}
	begun := savedPlan(t, c, "begun", provision.Nothing, provision.Change)
	if _, err := c.AppendEntry(t.Context(), provision.Entry{
		PlanID: begun.ID, Event: provision.Intent, At: noon}); err != nil {
		t.Fatal(err)
	}
	if ids, err := c.ExpirePlans(t.Context(), noon.Add(time.Hour)); err != nil || len(ids) != 1 || ids[0] != "p3" {
		t.Errorf("%v, %v", ids, err)
	}
	if diff := cmp.Diff([]string{"rejected p1 rejected by bert: too many", "refused p1 because", "requested p2 ",
		"requested p3 ", "already_done begun because", "planned begun "}, statusesOf(t, c)); diff != "" {
		t.Error(diff)
	}
	wantError(t, c.CancelPlan(t.Context(), "p1", "anna", noon), "plan p1 is rejected and cannot be cancelled any more")
	wantError(t, c.CancelPlan(t.Context(), "p9", "anna", noon), "no plan p9")
	wantError(t, c.Reject(t.Context(), "p3", "anna", noon, ""), "plan p3 is expired")

	if err := c.CancelActions(t.Context(), []int64{3, 4}, "anna", noon); err != nil {
		t.Fatal(err)
	}
	if got := statusesOf(t, c); got[3] != "cancelled p3 cancelled by anna on 2026-11-23" {
		t.Error(got[3])
	}
	savedPlan(t, c, "p4", provision.Change)
	wantError(t, c.CancelActions(t.Context(), []int64{7}, "anna", noon), "action 7 is in plan p4", "cancel the plan first")
	wantError(t, c.CancelActions(t.Context(), []int64{3}, "anna", noon), "action 3 is cancelled")
	wantError(t, c.CancelActions(t.Context(), []int64{77}, "anna", noon), "no action 77")
	if err := c.SetPlanStatus(t.Context(), "p4", provision.PlanApplied); err != nil {
		t.Error(err)
	}
	wantError(t, c.SetPlanStatus(t.Context(), "p9", provision.PlanApplied), "no plan p9")
}
