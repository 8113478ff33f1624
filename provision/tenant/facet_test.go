package tenant

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/provision"
	"m365lake/provision/internal/graphfake"
)

func anaNow() map[string]any {
	return map[string]any{
		"id": graphfake.AnaID, "userPrincipalName": "ana@contoso.com", "displayName": "Ana", "accountEnabled": true,
		"usageLocation":                   "de",
		"signInSessionsValidFromDateTime": "2026-01-02T03:04:05Z",
		"assignedLicenses": []any{
			map[string]any{"skuId": graphfake.E3ID, "disabledPlans": []string{}},
			map[string]any{"skuId": graphfake.E1ID, "disabledPlans": []string{}}},
		"licenseAssignmentStates": []any{
			map[string]any{"skuId": graphfake.E3ID, "disabledPlans": []string{
				graphfake.PlanB, "CCCCCCCC-0000-0000-0000-00000000000A"}, "assignedByGroup": nil, "state": "Active",
				"error": "None"},
			map[string]any{"skuId": graphfake.E3ID, "disabledPlans": []string{}, "assignedByGroup": graphfake.SalesID,
				"state": "Active"},
			map[string]any{"skuId": graphfake.E1ID, "disabledPlans": []string{}, "assignedByGroup": graphfake.SalesID,
				"state": "Active"},
		},
	}
}

// The live facet has what the step names and nothing else; what a group gives is no direct licence.
func TestLive(t *testing.T) {
	_, d := fakeTenant(t, map[string]graphfake.Answer{
		"GET /users/" + graphfake.AnaID: {Status: 200, Body: anaNow()},
		"GET /users/" + graphfake.AnaID +
			"/memberOf": {Status: 200, Body: map[string]any{"value": []any{map[string]any{"id": graphfake.SalesID}}}},
		"GET /directory/deletedItems/" +
			graphfake.BoID: {Status: 200, Body: map[string]any{"id": graphfake.BoID, "userPrincipalName": "x" + graphfake.BoID}},
	})
	valid := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ana := provision.User{ID: graphfake.AnaID}
	for name, c := range map[string]struct {
		step provision.Step
		want provision.Facet
	}{
		"licences": {provision.Step{User: ana, Before: provision.Facet{
			Licenses: map[string]provision.Grant{graphfake.E3ID: {}}},
			After: provision.Facet{Licenses: map[string]provision.Grant{graphfake.E1ID: {}}}},
			provision.Facet{Licenses: map[string]provision.Grant{
				graphfake.E3ID: assigned(graphfake.PlanA, graphfake.PlanB), graphfake.E1ID: {}}}},
		"account": {provision.Step{User: ana, Before: provision.Facet{Account: provision.Live},
			After: provision.Facet{Account: provision.Deleted}}, provision.Facet{Account: provision.Live}},
		"enabled": {provision.Step{User: ana, After: provision.Facet{Enabled: new(false)}},
			provision.Facet{Enabled: new(true)}},
		"location": {provision.Step{User: ana, After: provision.Facet{UsageLocation: new("FR")}},
			provision.Facet{UsageLocation: new("DE")}},
		"sessions": {provision.Step{User: ana, After: provision.Facet{SessionsValidFrom: new(time.Now())}},
			provision.Facet{SessionsValidFrom: &valid}},
		"groups": {provision.Step{User: ana, Before: provision.Facet{Groups: map[string]bool{graphfake.SalesID: true}},
			After: provision.Facet{Groups: map[string]bool{graphfake.PlanA: true}}},
			provision.Facet{Groups: map[string]bool{graphfake.SalesID: true, graphfake.PlanA: false}}},
		"deleted": {provision.Step{User: provision.User{ID: graphfake.BoID}, After: provision.Facet{Enabled: new(false)}},
			provision.Facet{Account: provision.Deleted}},
		"absent": {provision.Step{User: provision.User{UserPrincipalName: "new@contoso.com"},
			After: provision.Facet{Account: provision.Live}}, provision.Facet{Account: provision.Absent}},
		"gone": {provision.Step{User: provision.User{ID: graphfake.PlanA},
			After: provision.Facet{Licenses: map[string]provision.Grant{graphfake.E3ID: {}}}},
			provision.Facet{Account: provision.Absent}},
	} {
		got, err := d.ReadFacet(t.Context(), c.step)
		if err != nil {
			t.Fatal(name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	user, state, err := d.FindUser(t.Context(), graphfake.BoID)
	if err != nil || state != provision.Deleted || user.ID != graphfake.BoID {
		t.Error(user, state, err)
	}
}

// Of an account that is not there the licences are not known; it does not count as one without any.
func TestLiveOfNobodyIsNothing(t *testing.T) {
	_, d := fakeTenant(t, nil)
	step := licenseStep(provision.RemoveLicense, map[string]provision.Grant{graphfake.E3ID: assigned()},
		map[string]provision.Grant{graphfake.E3ID: {}})
	live, err := d.ReadFacet(t.Context(), step)
	if err != nil || live.Matches(step.Before) || live.Matches(step.After) {
		t.Error(live, err)
	}
}

// An answer that cannot be had is an error, never an absence.
func TestLiveFails(t *testing.T) {
	_, d := fakeTenant(t,
		map[string]graphfake.Answer{"GET /users/" +
			graphfake.AnaID: graphfake.Refused(403, "Authorization_RequestDenied", "no")})
	if live, err := d.ReadFacet(t.Context(), provision.Step{
		User: provision.User{ID: graphfake.AnaID}, After: provision.Facet{Enabled: new(true)}}); err == nil {
		t.Error(live)
	}
}
