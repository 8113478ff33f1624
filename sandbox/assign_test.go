package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

// assign posts to assignLicense of a user.
func (w *writer) assign(status int, message, id, body string) map[string]any {
	w.Helper()
	return w.want(status, message, "POST", "/users/"+id+"/assignLicense", body)
}

func TestAssignLicense(t *testing.T) {
	w := startWriter(t, Options{Users: 600, Faults: []string{"company_product"}})
	before := w.consumed()
	id := w.newUser("newcomer", "DE")

	answer := w.assign(200, "", id, assigning([]string{adding(products.E3)}))
	if l := answer["assignedLicenses"].([]any); answer["id"] != id || len(l) != 1 ||
		l[0].(map[string]any)["skuId"] != products.SKUs[products.E3].ID {
		t.Errorf("answer: %v", answer)
	}
	if got := w.consumed(); got["SPE_E3"] != before["SPE_E3"]+1 {
		t.Errorf("E3 seats: %d, then %d", before["SPE_E3"], got["SPE_E3"])
	}
	state := w.server.State()
	w.assign(200, "", id, assigning([]string{adding(products.E3)})) // the same again
	if string(w.server.State()) != string(state) {
		t.Error("the same again changes something")
	}
	if c := w.server.Changes(); len(c) != 3 || !c[1].Changed || c[2].Changed || c[1].UserID != id || c[0].UserID != id {
		t.Errorf("changes: %+v", c)
	}
	w.assign(
		200,
		"",
		id,
		assigning([]string{adding(products.E3, "YAMMER_ENTERPRISE", "TEAMS1")}),
	) // replaces what is off
	w.assign(200, "", id, assigning([]string{adding(products.E3, "TEAMS1")}))
	off := w.user(id)["assignedLicenses"].([]any)[0].(map[string]any)["disabledPlans"]
	if fmt.Sprint(off) != "["+products.PlanID("TEAMS1")+"]" {
		t.Errorf("disabled plans: %v", off)
	}
	w.assign(200, "", id, assigning([]string{adding(products.E5)}, products.E3)) // a swap without a gap
	if u := w.user(id); len(ways(u, products.E3)) != 0 || fmt.Sprint(ways(u, products.E5)) != "[direct]" {
		t.Errorf("after the swap: %v", u["licenseAssignmentStates"])
	}
	if got := w.consumed(); got["SPE_E3"] != before["SPE_E3"] || got["SPE_E5"] != before["SPE_E5"]+1 {
		t.Errorf("seats after the swap: %v, before %v", got, before)
	}

	const unowned = "11111111-2222-4333-8444-555555555555"
	homeless := w.newUser("homeless", "")
	frontline := w.newUser("frontline", "PL")
	w.assign(200, "", frontline, assigning([]string{adding(products.F3)}))
	group := w.someUser("in the E5 group", func(u map[string]any) bool {
		return fmt.Sprint(ways(u, products.E5)) == "["+w.tenant.company.GroupID(company.GroupE5)+"]" && len(ways(u,
			products.Copilot)) == 0 && len(ways(u, products.E3)) == 0
	})["id"].(string)
	state = w.server.State()
	for _, test := range []struct {
		what, user, body, message string
		status                    int
	}{
		{"no seat", id, assigning([]string{adding(products.Visio)}), "Request_BadRequest: Subscription with " +
			"SKU " + products.SKUs[products.Visio].ID + " does not have any available licenses.", 400},
		{"no location", homeless, assigning([]string{adding(products.E3)}), "Request_BadRequest: License assignment " +
			"cannot be done for user with invalid usage location.", 400},
		{"exclusive", frontline, assigning([]string{adding(products.E3)}), "are mutually exclusive", 400},
		{"dependency, add", frontline, assigning([]string{adding(products.Copilot)}), "depends on the service " +
			"plan(s) " + products.PlanID("OFFICESUBSCRIPTION"), 400},
		{"dependency, plan off", id, assigning([]string{adding(products.E5, "MCOSTANDARD")}),
			"service plan " + products.PlanID("MCOEV") + " depends on the service plan(s) " +
				products.PlanID("MCOSTANDARD"), 400},
		{"inherited", group, assigning(nil, products.E5), "User license is inherited from a group membership and it " +
			"cannot be removed directly from the user.", 400},
		{"not held", id, assigning(nil, products.E3), "Request_BadRequest: User does not have a corresponding " +
			"license.", 400},
		{"not owned", id, assigning([]string{`{"skuId":"` + unowned + `"}`}), "License " + unowned + " does not " +
			"correspond to a valid company License.", 400},
		{"not owned, remove", id, `{"addLicenses":[],"removeLicenses":["` + unowned + `"]}`, "does not correspond " +
			"to a valid company License.", 400},
		{"company", id, assigning([]string{`{"skuId":"` + products.ForCompany.ID + `"}`}),
			"License " + products.ForCompany.ID + " cannot be assigned to a user.", 400},
		{"bad guid", id, assigning([]string{`{"skuId":"SPE_E3"}`}), "expected type 'Edm.Guid'", 400},
		{"bad plan guid", id, assigning([]string{adding(products.E3, "nonsense")}), "expected type 'Edm.Guid'", 400},
		{"bad guid, remove", id, `{"addLicenses":[],"removeLicenses":["E3"]}`, "expected type 'Edm.Guid'", 400},
		{"missing array", id, `{"addLicenses":[]}`, "missing from the request payload. The missing parameters are: " +
			"removeLicenses.", 400},
		{"both missing", id, `{}`, "The missing parameters are: addLicenses, removeLicenses.", 400},
		{"null array", id, `{"addLicenses":[],"removeLicenses":null}`, "removeLicenses", 400},
		{"unknown parameter", id, `{"addLicenses":[],"removeLicenses":[],"force":true}`, "force", 400},
		{"foreign plan", id, assigning([]string{adding(products.E3, "MCOEV")}), products.PlanID("MCOEV"), 400},
		{"unknown user", unowned, assigning([]string{adding(products.E3)}), "Request_ResourceNotFound: Resource " +
			"'" + unowned + "' does not exist or one of its queried reference-property objects are not present.", 404},
		{"no JSON", id, `{`, "Unable to read JSON request payload", 400},
		{"no body", id, ``, "Empty Payload", 400},
		{"added and removed", id, assigning([]string{adding(products.E5)}, products.E5), "added and removed", 400},
	} {
		t.Run(test.what, func(t *testing.T) {
			w := w.again(t)
			w.assign(test.status, test.message, test.user, test.body)
			if string(w.server.State()) != string(state) {
				t.Error("a refused write changed something")
			}
		})
	}

	w.assign(200, "", id, assigning([]string{adding(products.Copilot)}))
	w.assign(400, "depends on", id, assigning(nil, products.E5)) // would leave Copilot behind
	w.assign(200, "", id, assigning(nil, products.E5, products.Copilot))
	w.assign(200, "", group, assigning([]string{adding(products.E5)})) // both ways
	if got := ways(w.user(group), products.E5); len(got) != 2 || !slices.Contains(got, "direct") {
		t.Errorf("directly and by a group: %v", got)
	}
	if got := w.consumed(); got["SPE_E5"] != before["SPE_E5"] ||
		got["Microsoft_365_Copilot"] != before["Microsoft_365_Copilot"] {
		t.Errorf("two ways take one seat: %v, before %v", got, before)
	}
	w.assign(200, "", group, assigning(nil, products.E5))
	w.assign(200, "", frontline, assigning([]string{adding(products.E1)}, products.F3))
	w.assign(200, "", frontline, assigning(nil))
}

func TestSeatsRunOutOneByOne(t *testing.T) {
	w := startWriter(t, Options{Users: 300})
	all, _ := w.list("/subscribedSkus")
	free := 0
	for _, s := range all {
		if s["skuPartNumber"] == "SPE_F1" {
			free = int(s["prepaidUnits"].(map[string]any)["enabled"].(float64) - s["consumedUnits"].(float64))
		}
	}
	if free < 1 {
		t.Fatalf("%d seats free", free)
	}
	for i := range free {
		w.assign(200, "", w.newUser(fmt.Sprint("u", i), "CH"), assigning([]string{adding(products.F3)}))
	}
	late := w.newUser("late", "CH")
	w.assign(400, "does not have any available licenses", late, assigning([]string{adding(products.F3)}))
	last := w.someUser(
		"called u0",
		func(u map[string]any) bool { return strings.HasPrefix(u["userPrincipalName"].(string), "u0@") },
	)
	w.assign(200, "", last["id"].(string), assigning(nil, products.F3))
	w.assign(200, "", late, assigning([]string{adding(products.F3)}))
}
