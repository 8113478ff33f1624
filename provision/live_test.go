package provision

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func anaNow() map[string]any {
	return map[string]any{
		"id": anaID, "userPrincipalName": "ana@contoso.com", "displayName": "Ana", "accountEnabled": true, "usageLocation": "de",
		"signInSessionsValidFromDateTime": "2026-01-02T03:04:05Z",
		"assignedLicenses":                []any{map[string]any{"skuId": e3ID, "disabledPlans": []string{}}, map[string]any{"skuId": e1ID, "disabledPlans": []string{}}},
		"licenseAssignmentStates": []any{
			map[string]any{"skuId": e3ID, "disabledPlans": []string{planB, "CCCCCCCC-0000-0000-0000-00000000000A"}, "assignedByGroup": nil, "state": "Active", "error": "None"},
			map[string]any{"skuId": e3ID, "disabledPlans": []string{}, "assignedByGroup": salesID, "state": "Active"},
			map[string]any{"skuId": e1ID, "disabledPlans": []string{}, "assignedByGroup": salesID, "state": "Active"},
		},
	}
}

// The live facet has what the step names and nothing else; what a group gives is no direct licence.
func TestLive(t *testing.T) {
	_, d := fakeTenant(t, map[string]fakeAnswer{
		"GET /users/" + anaID:                 {status: 200, body: anaNow()},
		"GET /users/" + anaID + "/memberOf":   {status: 200, body: map[string]any{"value": []any{map[string]any{"id": salesID}}}},
		"GET /directory/deletedItems/" + boID: {status: 200, body: map[string]any{"id": boID, "userPrincipalName": "x" + boID}},
	})
	valid := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ana := User{ID: anaID}
	for name, c := range map[string]struct {
		step Step
		want Facet
	}{
		"licences": {Step{User: ana, Before: Facet{Licenses: map[string]Grant{e3ID: {}}}, After: Facet{Licenses: map[string]Grant{e1ID: {}}}},
			Facet{Licenses: map[string]Grant{e3ID: assigned(planA, planB), e1ID: {}}}},
		"account":  {Step{User: ana, Before: Facet{Account: Live}, After: Facet{Account: Deleted}}, Facet{Account: Live}},
		"enabled":  {Step{User: ana, After: Facet{Enabled: new(false)}}, Facet{Enabled: new(true)}},
		"location": {Step{User: ana, After: Facet{UsageLocation: new("FR")}}, Facet{UsageLocation: new("DE")}},
		"sessions": {Step{User: ana, After: Facet{SessionsValidFrom: new(time.Now())}}, Facet{SessionsValidFrom: &valid}},
		"groups": {Step{User: ana, Before: Facet{Groups: map[string]bool{salesID: true}}, After: Facet{Groups: map[string]bool{planA: true}}},
			Facet{Groups: map[string]bool{salesID: true, planA: false}}},
		"deleted": {Step{User: User{ID: boID}, After: Facet{Enabled: new(false)}}, Facet{Account: Deleted}},
		"absent":  {Step{User: User{UserPrincipalName: "new@contoso.com"}, After: Facet{Account: Live}}, Facet{Account: Absent}},
		"gone":    {Step{User: User{ID: planA}, After: Facet{Licenses: map[string]Grant{e3ID: {}}}}, Facet{Account: Absent}},
	} {
		got, err := d.Live(t.Context(), c.step)
		if err != nil {
			t.Fatal(name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	user, state, err := d.Account(t.Context(), boID)
	if err != nil || state != Deleted || user.ID != boID {
		t.Error(user, state, err)
	}
}

// Who is not there is not without licences: nothing is known of him.
func TestLiveOfNobodyIsNothing(t *testing.T) {
	_, d := fakeTenant(t, nil)
	step := licenseStep(RemoveLicense, map[string]Grant{e3ID: assigned()}, map[string]Grant{e3ID: {}})
	live, err := d.Live(t.Context(), step)
	if err != nil || live.Is(step.Before) || live.Is(step.After) {
		t.Error(live, err)
	}
}

// An answer that cannot be had is an error, never an absence.
func TestLiveFails(t *testing.T) {
	_, d := fakeTenant(t, map[string]fakeAnswer{"GET /users/" + anaID: refused(403, "Authorization_RequestDenied", "no")})
	if live, err := d.Live(t.Context(), Step{User: User{ID: anaID}, After: Facet{Enabled: new(true)}}); err == nil {
		t.Error(live)
	}
}
