package draft

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
	"m365lake/provision/internal/graphfake"
	"m365lake/provision/internal/livetest"
	"m365lake/provision/plan"
)

// Taking back wants the exact former state, and nobody to have changed it since.
func TestUndo(t *testing.T) {
	entry := func(kind provision.Kind, before, after provision.Facet) provision.Entry {
		return provision.Entry{ID: 7, Kind: kind, User: provision.User{
			ID: livetest.UserID(1), UserPrincipalName: "ana" + livetest.Domain}, Before: before, After: after}
	}
	license := func(g provision.Grant) provision.Facet {
		return provision.Facet{Licenses: map[string]provision.Grant{graphfake.E3ID: g}}
	}
	for name, c := range map[string]struct {
		kind    provision.Kind
		entry   provision.Entry
		verdict provision.Verdict
		code    string
		after   provision.Facet
	}{
		"plans": {provision.SetDisabledPlans, entry(
			provision.SetDisabledPlans, license(grantOf(livetest.MailPlan2)), license(grantOf(livetest.YammerPlan))),
			provision.Change, "", license(grantOf(livetest.MailPlan2))},
		"assigned": {provision.RemoveLicense, entry(provision.AssignLicense, license(provision.Grant{}),
			license(grantOf(livetest.YammerPlan))), provision.Change, "", license(provision.Grant{})},
		"moved": {provision.RemoveLicense, entry(provision.AssignLicense, license(provision.Grant{}),
			license(grantOf(livetest.MailPlan2))), provision.Refuse, "moved", provision.Facet{}},
		"already": {provision.AssignLicense, entry(provision.RemoveLicense, license(grantOf(livetest.YammerPlan)),
			license(provision.Grant{})), provision.Nothing, "", license(grantOf(livetest.YammerPlan))},
		"undone": {provision.EnableUser, entry(provision.DisableUser, provision.Facet{Enabled: new(true)},
			provision.Facet{Enabled: new(false)}), provision.Nothing, "", provision.Facet{Enabled: new(true)}},
		"location": {provision.SetUsageLocation, entry(
			provision.SetUsageLocation, provision.Facet{UsageLocation: new("")}, provision.Facet{UsageLocation: new("DE")}),
			provision.Refuse, "cannot_be_undone", provision.Facet{}},
		"sessions": {provision.RevokeSessions, entry(
			provision.RevokeSessions, provision.Facet{SessionsValidFrom: new(livetest.PlanTime)},
			provision.Facet{SessionsValidFrom: new(livetest.PlanTime)}), provision.Refuse, "cannot_be_undone",
			provision.Facet{}},
		"created": {provision.DeleteUser, entry(provision.CreateUser, provision.Facet{Account: provision.Absent},
			provision.Facet{Account: provision.Live, Enabled: new(true)}), provision.Change, "",
			provision.Facet{Account: provision.Deleted}},
	} {
		made := planOf(t, plan.Input{Undo: map[int64]provision.Entry{7: c.entry}},
			provision.Action{Kind: c.kind, User: "ana", UndoOf: 7})
		s := made.Steps[0]
		if s.Verdict != c.verdict || s.Code != c.code || !cmp.Equal(s.After, c.after) {
			t.Errorf("%s: %s %s %+v: %s", name, s.Verdict, s.Code, s.After, s.Sentence)
		}
	}
	licensed := map[int64]provision.Entry{
		7: entry(provision.AssignLicense, license(provision.Grant{}), license(grantOf(livetest.YammerPlan)))}
	for _, a := range []provision.Action{{Kind: provision.DeleteUser, User: "ana", UndoOf: 7},
		{Kind: provision.RemoveLicense, User: "ida", UndoOf: 7}} {
		if s := planOf(t, plan.Input{Undo: licensed}, a).Steps[0]; s.Code != "unknown_entry" ||
			!cmp.Equal(s.After, provision.Facet{}) {
			t.Errorf("%+v", s)
		}
	}
	if s := planOf(t, plan.Input{}, provision.Action{
		Kind: provision.EnableUser, User: "ana", UndoOf: 8}).Steps[0]; s.Code != "unknown_entry" {
		t.Errorf("%+v", s)
	}
}
