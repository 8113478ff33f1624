package apply

import (
	"fmt"
	"m365lake/graph/auth"
	"m365lake/graph/cloud"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/graph"
	"m365lake/internal/clock"
	"m365lake/provision"
	"m365lake/provision/control"
	"m365lake/provision/draft"
	"m365lake/provision/internal/livetest"
	"m365lake/provision/plan"
	"m365lake/provision/snapshot"
	"m365lake/provision/tenant"
	"m365lake/sandbox"
)

// An applyTenant is a live tenant with a control database, one writer at a time, so that which write
// a fault hits is the same in each run.
type applyTenant struct {
	*livetest.Tenant
	control *testControl
	applier *Applier
}

func newApplyTenant(t *testing.T, users int, faults ...string) *applyTenant {
	t.Helper()
	l := livetest.NewTenant(t, users, faults...)
	c := newTestControl(t)
	for name, value := range map[string]string{"approvals": "none", "write_concurrency": "1", "max_share_percent": "100"} {
		if err := c.SetSetting(t.Context(), name, value); err != nil {
			t.Fatal(err)
		}
	}
	return &applyTenant{l, c, &Applier{
		Control: c.file, Tenant: l.Client, Clock: testClock{clock.Machine(), &l.Now}, RunID: "run", By: "anna",
		Patience: Patience{First: time.Millisecond, Total: 50 * time.Millisecond},
	}}
}

// draft plans without saving.
func (a *applyTenant) draft(in plan.Input) *provision.Plan {
	a.Helper()
	in.Settings, in.Now, in.By = provision.DefaultSettings(), a.Now, "anna"
	plan, err := draft.Draft(a.Context(), a.Client, nil, nil, in)
	if err != nil {
		a.Fatal(err)
	}
	return plan
}

// planned asks for actions, and saves the plan of all that is requested.
func (a *applyTenant) planned(actions ...provision.Action) *provision.Plan {
	a.Helper()
	for i := range actions {
		actions[i].RequestedBy, actions[i].RequestedAt = "anna", a.Now
	}
	if len(actions) > 0 {
		if _, err := a.control.AddActions(a.Context(), actions); err != nil {
			a.Fatal(err)
		}
	}
	requested, err := a.control.RequestedActions(a.Context())
	if err != nil {
		a.Fatal(err)
	}
	plan := a.draft(plan.Input{Actions: requested})
	if err := a.control.SavePlan(a.Context(), plan); err != nil {
		a.Fatal(err)
	}
	return plan
}

func (a *applyTenant) apply(plan *provision.Plan) provision.Summary {
	a.Helper()
	summary, err := a.applier.Apply(a.Context(), plan.ID)
	if err != nil {
		a.Fatal(err)
	}
	if err := a.control.VerifyLedger(a.Context()); err != nil {
		a.Fatal(err)
	}
	return summary
}

// events are the ledger's, of each action in order.
func (a *applyTenant) events() map[int64][]provision.Event {
	a.Helper()
	entries, err := a.control.Entries(a.Context(), control.EntryFilter{})
	if err != nil {
		a.Fatal(err)
	}
	events := map[int64][]provision.Event{}
	for _, e := range entries {
		events[e.ActionID] = append(events[e.ActionID], e.Event)
	}
	return events
}

// statuses are the actions by status.
func (a *applyTenant) statuses() map[provision.Status]int {
	a.Helper()
	actions, err := a.control.Actions(a.Context())
	if err != nil {
		a.Fatal(err)
	}
	counts := map[provision.Status]int{}
	for _, action := range actions {
		counts[action.Status]++
	}
	return counts
}

// cloud are people who hold a product or not, whom a plan may change.
func (a *applyTenant) cloud(part string, holds bool) []string {
	a.Helper()
	all, err := a.Client.ReadProducts(a.Context())
	if err != nil {
		a.Fatal(err)
	}
	sku := all.Find(part)[0].ID
	var ids []string
	for _, u := range a.Users(func(u *snapshot.Account) bool {
		return *u.AccountEnabled && u.UsageLocation != "" && u.Holds(sku) == holds
	}) {
		ids = append(ids, u.ID)
	}
	return ids
}

// everyKind asks for each kind of action, several times each.
func (a *applyTenant) everyKind(times int) []provision.Action {
	a.Helper()
	with, without := a.cloud("POWER_BI_STANDARD", true), a.cloud("POWER_BI_STANDARD", false)
	if len(with) < 2*times || len(without) < 6*times {
		a.Fatalf("%d people with Power BI, %d without", len(with), len(without))
	}
	group := a.Group(func(g *snapshot.Group) bool {
		return !g.IsDynamic() && !g.IsSynced() && strings.Contains(g.DisplayName, "Copilot")
	})
	next := func(from *[]string) string {
		id := (*from)[0]
		*from = (*from)[1:]
		return id
	}
	var actions []provision.Action
	for i := range times {
		actions = append(actions,
			provision.Action{Kind: provision.CreateUser, User: fmt.Sprintf("new%d@oresund.example", i), DisplayName: "New",
				UsageLocation: "DE"},
			provision.Action{Kind: provision.RemoveLicense, User: next(&with), SKU: "POWER_BI_STANDARD"},
			provision.Action{Kind: provision.SetDisabledPlans, User: next(&with), SKU: "POWER_BI_STANDARD",
				DisabledPlans: []string{"BI_AZURE_P0"}},
			provision.Action{Kind: provision.AssignLicense, User: next(&without), SKU: "POWER_BI_STANDARD"},
			provision.Action{Kind: provision.DisableUser, User: next(&without)},
			provision.Action{Kind: provision.SetUsageLocation, User: next(&without), UsageLocation: "NZ"},
			provision.Action{Kind: provision.AddToGroup, User: next(&without), Group: group},
			provision.Action{Kind: provision.DeleteUser, User: next(&without)},
			provision.Action{Kind: provision.RevokeSessions, User: next(&without)},
		)
	}
	return actions
}

// An answer that is lost is settled by looking, whatever the kind: nothing is done twice.
func TestLostAnswersAreSettled(t *testing.T) {
	a := newApplyTenant(t, 1200, "write_lost")
	plan := a.planned(a.everyKind(6)...)
	summary := a.apply(plan)
	changes := 0
	for _, s := range plan.Steps { // somebody may be in the group already
		if s.Verdict == provision.Change {
			changes++
		}
	}
	if n := summary.Count(provision.Applied); n != changes || n < 50 {
		t.Errorf("%d of %d applied: %+v", n, changes, summary.Outcomes)
	}
	settled, lost := map[provision.Kind]int{}, 0
	events := a.events()
	for _, s := range plan.Steps {
		switch got := events[s.ActionID]; {
		case s.Verdict != provision.Change:
		case slices.Equal(got, []provision.Event{provision.Intent, provision.Settled}):
			settled[s.Kind]++
		case !slices.Equal(got, []provision.Event{provision.Intent, provision.Done}):
			t.Errorf("action %d (%s): %v", s.ActionID, s.Kind, got)
		}
	}
	for _, c := range a.Server.Changes() {
		if c.Lost {
			lost++
		}
		if !c.Changed {
			t.Errorf("a write that changed nothing: %+v", c)
		}
	}
	sum := 0
	for _, n := range settled {
		sum += n
	}
	if len(settled) != 9 || sum != lost || len(a.Server.Changes()) != changes {
		t.Errorf("settled %v, lost %d, changes %d", settled, lost, len(a.Server.Changes()))
	}
}

// Apply waits until Graph shows a change that it accepted.
func TestReplicationLagIsWaitedFor(t *testing.T) {
	a := newApplyTenant(t, 1200, "replication_lag")
	a.planned(append(a.everyKind(2), provision.Action{
		Kind: provision.AssignLicense, User: "new0@oresund.example", SKU: "POWER_BI_STANDARD"})...)
	plan, err := a.control.Plan(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	summary := a.apply(&plan.Plan)
	if n := summary.Count(provision.Applied); n != 19 {
		t.Errorf("%d applied: %+v", n, summary.Outcomes)
	}
	for action, events := range a.events() {
		if events[len(events)-1] != provision.Done {
			t.Errorf("action %d: %v", action, events)
		}
	}
	if len(a.Server.Changes()) != 19 {
		t.Errorf("%d changes", len(a.Server.Changes()))
	}
}

// Seats that others take between plan and apply: the action waits, and a later plan takes it up.
func TestSeatsRunOut(t *testing.T) {
	a := newApplyTenant(t, 600, "seats_run_out")
	holder := a.cloud("POWER_BI_STANDARD", true)[0]
	var actions []provision.Action
	for _, id := range a.cloud("POWER_BI_STANDARD", false)[:4] {
		actions = append(actions, provision.Action{Kind: provision.AssignLicense, User: id, SKU: "POWER_BI_STANDARD"})
	}
	plan := a.planned(actions...)
	summary := a.apply(plan)
	if diff := cmp.Diff(map[provision.Status]int{provision.Applied: 2, provision.WaitingForSeat: 2},
		a.statuses()); diff != "" || summary.Count(provision.WaitingForSeat) != 2 {
		t.Errorf("%s\n%+v", diff, summary.Outcomes)
	}
	// Once more when all others were through, as somebody may have given a seat back.
	want := map[int64][]provision.Event{
		1: {provision.Intent, provision.Done}, 2: {provision.Intent, provision.Done},
		3: {provision.Intent, provision.Postponed, provision.Intent, provision.Postponed},
		4: {provision.Intent, provision.Postponed, provision.Intent, provision.Postponed}}
	if diff := cmp.Diff(want, a.events()); diff != "" {
		t.Error(diff)
	}
	next := a.planned(provision.Action{Kind: provision.RemoveLicense, User: holder, SKU: "POWER_BI_STANDARD"})
	verdicts := map[int64]provision.Verdict{}
	for _, s := range next.Steps {
		verdicts[s.ActionID] = s.Verdict
	}
	if diff := cmp.Diff(map[int64]provision.Verdict{3: provision.Change, 4: provision.NoSeat, 5: provision.Change},
		verdicts); diff != "" {
		t.Error(diff)
	}
	a.apply(next)
	if diff := cmp.Diff(map[provision.Status]int{provision.Applied: 4, provision.WaitingForSeat: 1},
		a.statuses()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]provision.Event{provision.Intent, provision.Postponed, provision.Intent, provision.Postponed,
		provision.Intent, provision.Done}, a.events()[3]); diff != "" {
		t.Error(diff)
	}
}

// Refusals that nobody knows end a run, and say so; the next one goes on with the rest.
func TestUnknownRefusalsStopTheRun(t *testing.T) {
	a := newApplyTenant(t, 600, "write_unknown_error")
	var actions []provision.Action
	for _, id := range a.cloud("POWER_BI_STANDARD", false)[:20] {
		actions = append(actions, provision.Action{Kind: provision.DisableUser, User: id})
	}
	plan := a.planned(actions...)
	summary := a.apply(plan)
	if !strings.HasPrefix(summary.Stopped, "stopped after 3 errors that m365lake does not know, the last: ") ||
		summary.Count(provision.Failed) != 3 {
		t.Errorf("%q, %+v", summary.Stopped, summary.Outcomes)
	}
	for _, o := range summary.Outcomes {
		if want := []provision.Event{provision.Intent, provision.NotDone}; o.Status == provision.Failed &&
			(o.Code != "unknown_refusal" || !slices.Equal(a.events()[o.Step.ActionID], want)) {
			t.Errorf("%s: %v", o.Code, a.events()[o.Step.ActionID])
		}
	}
	saved, err := a.control.Plan(t.Context(), plan.ID)
	done := a.statuses()
	if err != nil || saved.Status != provision.PlanStopped || done[provision.Failed] != 3 ||
		done[provision.Planned] != 20-3-done[provision.Applied] || done[provision.Planned] == 0 {
		t.Fatalf("%v, %s, %v", err, saved.Status, done)
	}
	// Too late for the rest.
	a.applier.Clock = testClock{clock.Machine(), &plan.ExpiresAt}
	_, err = a.applier.Apply(t.Context(), "")
	if want := fmt.Sprintf(
		"plan %s expired on 2026-11-24 05:00 UTC after a part of it was done; take the rest back with m365lake provision "+
			"cancel %s, and plan again", plan.ID, plan.ID); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	a.applier.Clock = testClock{clock.Machine(), &a.Now}
	for range 10 {
		if summary = a.apply(plan); summary.Stopped == "" {
			break
		}
	}
	end := a.statuses()
	if end[provision.Planned] != 0 || end[provision.Applied]+end[provision.Failed] != 20 ||
		end[provision.Applied] != len(a.Server.Changes()) {
		t.Errorf("%v, %d changes", end, len(a.Server.Changes()))
	}
}

// Graph that accepts a write and does not do it is found out, and is not asked again.
func TestMismatchAtReadingBack(t *testing.T) {
	a := newApplyTenant(t, 100)
	plan := a.planned(provision.Action{Kind: provision.DisableUser, User: a.cloud("POWER_BI_STANDARD", false)[0]})
	target, err := url.Parse(a.Server.URL())
	if err != nil {
		t.Fatal(err)
	}
	writes := 0
	pass := httputil.NewSingleHostReverseProxy(target)
	liar := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			writes++
			w.Header().Set("request-id", "rid-9")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(liar.Close)
	a.applier.Tenant = through(t, a, liar.URL)
	o := a.apply(plan).Outcomes[0]
	if o.Status != provision.Failed || o.Code != "not_as_wanted" ||
		!strings.HasPrefix(o.Detail, "Graph accepted it, but reading back shows ") {
		t.Errorf("%+v", o)
	}
	if diff := cmp.Diff(map[int64][]provision.Event{1: {provision.Intent, provision.Mismatch}}, a.events()); diff != "" {
		t.Error(diff)
	}
	if a.apply(plan); writes != 1 {
		t.Errorf("%d writes", writes)
	}
}

// through is the directory by way of another address.
func through(t *testing.T, a *applyTenant, address string) *tenant.Client {
	t.Helper()
	company, err := sandbox.New(sandbox.Options{Users: 1, Seed: 7, Today: func() time.Time { return a.Now }})
	if err != nil {
		t.Fatal(err)
	}
	client, err := graph.New(graph.Options{
		Cloud: cloud.Cloud{Authority: address, Root: address},
		Credentials: auth.Credentials{TenantID: company.ID(), ClientID: company.WriterID(),
			ClientSecret: company.WriterSecret()},
		BaseDelay: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	return &tenant.Client{Graph: client, TenantID: company.ID(), TenantName: "sandbox", Root: address}
}

// A plan that is too old is refused whole.
func TestExpiredPlanIsNotApplied(t *testing.T) {
	a := newApplyTenant(t, 100)
	plan := a.planned(provision.Action{Kind: provision.DisableUser, User: a.cloud("POWER_BI_STANDARD", false)[0]})
	a.applier.Clock = testClock{clock.Machine(), &plan.ExpiresAt}
	_, err := a.applier.Apply(t.Context(), plan.ID)
	if want := fmt.Sprintf("plan %s expired on 2026-11-24 05:00 UTC; plan again", plan.ID); err == nil ||
		err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if len(a.events()) != 0 || len(a.Server.Changes()) != 0 ||
		!maps.Equal(a.statuses(), map[provision.Status]int{provision.Planned: 1}) {
		t.Errorf("%v %v", a.events(), a.statuses())
	}
}
