package sandbox

import (
	"fmt"
	"testing"

	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

func TestGroupTakesAwayWhatAnotherProductNeeds(t *testing.T) {
	w := startWriter(t, Options{Users: 600})
	id := w.newUser("newcomer", "DE")
	w.join(204, "", company.GroupE3, id)
	w.assign(200, "", id, assigning([]string{adding(products.Copilot)}))
	before := string(w.server.State())
	w.leave(204, "", company.GroupE3, id) // nobody is asked, so Copilot stays, with an error
	u := w.user(id)
	if s := u["licenseAssignmentStates"].([]any)[0].(map[string]any); len(u["assignedLicenses"].([]any)) != 1 ||
		s["state"] != "ActiveWithError" || s["error"] != "DependencyViolation" || s["assignedByGroup"] != nil {
		t.Errorf("Copilot without its suite: %v", u)
	}
	w.assign(200, "", id, assigning([]string{adding(products.FlowFree)})) // what was wrong already is no obstacle
	w.assign(200, "", id, assigning(nil, products.FlowFree))
	w.join(204, "", company.GroupE3, id)
	if string(w.server.State()) != before {
		t.Error("back in the group, and not as before")
	}
}

func TestPlanIsOffOnlyWhenEveryWayLeavesItOut(t *testing.T) {
	w := startWriter(t, Options{Users: 600})
	id := w.newUser("newcomer", "DE")
	off := func() string {
		return fmt.Sprint(w.user(id)["assignedLicenses"].([]any)[0].(map[string]any)["disabledPlans"])
	}
	w.assign(200, "", id, assigning([]string{adding(products.E3, "TEAMS1", "YAMMER_ENTERPRISE")}))
	w.join(204, "", company.GroupE3NoEngage, id)
	if got := off(); got != "["+products.PlanID("YAMMER_ENTERPRISE")+"]" {
		t.Errorf("off both ways: %s", got)
	}
	w.leave(204, "", company.GroupE3NoEngage, id)
	w.join(204, "", company.GroupE3, id)
	if got := off(); got != "[]" {
		t.Errorf("on by the group: %s", got)
	}
}

func TestRestoreWithoutSeats(t *testing.T) {
	w := startWriter(t, Options{Users: 300})
	owner, member := w.newUser("owner", "CH"), w.newUser("member", "CH")
	w.assign(200, "", owner, assigning([]string{adding(products.E5), adding(products.FlowFree)}))
	w.join(204, "", company.GroupE5, member)
	w.want(204, "", "DELETE", "/users/"+owner, ``)
	w.want(204, "", "DELETE", "/users/"+member, ``)
	for i := 0; ; i++ { // others take all seats
		id := w.newUser(fmt.Sprint("u", i), "CH")
		if status, _ := w.send("POST", "/users/"+id+"/assignLicense",
			assigning([]string{adding(products.E5)})); status != 200 {
			break
		}
	}
	w.want(200, "", "POST", "/directory/deletedItems/"+owner+"/restore", ``)
	w.want(200, "", "POST", "/directory/deletedItems/"+member+"/restore", ``)
	if u := w.user(owner); len(ways(u, products.E5)) != 0 || fmt.Sprint(ways(u, products.FlowFree)) != "[direct]" {
		t.Errorf("assigned directly: %v", u["licenseAssignmentStates"])
	}
	if got := fmt.Sprint(ways(w.user(member), products.E5)); got != "["+w.tenant.company.GroupID(
		company.GroupE5,
	)+" CountViolation]" {
		t.Errorf("by the group: %s", got)
	}
	w.addsUp(0)
}
