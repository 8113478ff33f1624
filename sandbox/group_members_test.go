package sandbox

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

func (w *writer) ref(id string) string {
	return `{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/` + id + `"}`
}

func (w *writer) join(status int, message string, g int, id string) {
	w.Helper()
	w.want(status, message, "POST", "/groups/"+w.tenant.company.GroupID(g)+"/members/$ref", w.ref(id))
}

func (w *writer) leave(status int, message string, g int, id string) {
	w.Helper()
	w.want(status, message, "DELETE", "/groups/"+w.tenant.company.GroupID(g)+"/members/"+id+"/$ref", ``)
}

func TestGroupMembers(t *testing.T) {
	w := startWriter(t, Options{Users: 600})
	before := w.consumed()
	id := w.newUser("newcomer", "DE")
	state := string(w.server.State())

	w.join(204, "", company.GroupE3NoEngage, id)
	u := w.user(id)
	if got := fmt.Sprint(ways(u, products.E3)); got != "["+w.tenant.company.GroupID(company.GroupE3NoEngage)+"]" {
		t.Errorf("by the group: %s", got)
	}
	if l := u["assignedLicenses"].([]any); !slices.Contains(
		l[0].(map[string]any)["disabledPlans"].([]any),
		any(products.PlanID("YAMMER_ENTERPRISE")),
	) {
		t.Errorf("without Engage: %v", l)
	}
	if got := w.consumed(); got["SPE_E3"] != before["SPE_E3"]+1 {
		t.Errorf("seats: %v", got)
	}
	members, _ := w.list("/groups/" + w.tenant.company.GroupID(company.GroupE3NoEngage) + "/members?$select=id&$top=5")
	if !slices.ContainsFunc(members, func(m map[string]any) bool { return m["id"] == id }) {
		t.Error("not among the members")
	}
	groups, _ := w.list("/users/" + id + "/memberOf?$select=id,displayName,groupTypes,assignedLicenses")
	if len(groups) != 2 || groups[0]["@odata.type"] != "#microsoft.graph.group" {
		t.Errorf("memberships: %v", groups)
	}
	w.join(400, "Request_BadRequest: One or more added object references already exist for the following modified "+
		"properties: 'members'.", company.GroupE3NoEngage, id)
	w.join(204, "", company.GroupE3, id) // the same product by two groups takes one seat
	if got := w.consumed(); got["SPE_E3"] != before["SPE_E3"]+1 || len(ways(w.user(id), products.E3)) != 2 {
		t.Errorf("two groups: %v", got)
	}
	w.join(204, "", company.GroupE1, id)
	if got := fmt.Sprint(ways(w.user(id), products.E1)); got != "["+w.tenant.company.GroupID(
		company.GroupE1,
	)+" MutuallyExclusiveViolation]" {
		t.Errorf("E1 beside E3: %s", got)
	}
	w.join(204, "", company.GroupCopilot, id)
	w.leave(204, "", company.GroupE3, id)
	w.leave(204, "", company.GroupE3NoEngage, id)
	if got := fmt.Sprint(ways(w.user(id), products.Copilot)); got != "["+w.tenant.company.GroupID(
		company.GroupCopilot,
	)+" DependencyViolation]" {
		t.Errorf("Copilot without a suite: %s", got)
	}
	w.want(400, "depends on the service plan(s)", "POST", "/users/"+id+"/reprocessLicenseAssignment", ``)
	w.leave(204, "", company.GroupCopilot, id)
	w.want(200, "", "POST", "/users/"+id+"/reprocessLicenseAssignment", ``) // E1 can be held now
	if got := fmt.Sprint(ways(w.user(id), products.E1)); got != "["+w.tenant.company.GroupID(company.GroupE1)+"]" {
		t.Errorf("E1 after the others: %s", got)
	}
	w.leave(204, "", company.GroupE1, id)
	if string(w.server.State()) != state {
		t.Error("in and out of groups, and not as before")
	}
	w.leave(404, "Request_ResourceNotFound", company.GroupE1, id)

	w.want(204, "", "PATCH", "/users/"+id, `{"usageLocation":"KP"}`)
	w.join(204, "", company.GroupE1, id)
	if got := fmt.Sprint(ways(w.user(id), products.E1)); got != "["+w.tenant.company.GroupID(
		company.GroupE1,
	)+" ProhibitedInUsageLocationViolation]" {
		t.Errorf("E1 in a prohibited country: %s", got)
	}
	w.leave(204, "", company.GroupE1, id)
	w.want(204, "", "PATCH", "/users/"+id, `{"usageLocation":null}`)
	w.join(204, "", company.GroupE1, id) // the tenant's location will do for a group
	if got := fmt.Sprint(ways(w.user(id), products.E1)); got != "["+w.tenant.company.GroupID(company.GroupE1)+"]" {
		t.Errorf("E1 without a location: %s", got)
	}

	w.join(403, "Authorization_RequestDenied", company.GroupF3, id)       // a rule decides
	w.join(403, "Authorization_RequestDenied", company.GroupHelpdesk, id) // would give a role
	w.join(400, "on-premises mastered", company.GroupVPN, id)
	w.leave(403, "Authorization_RequestDenied", company.GroupEverybody, id)
	const nobody = "11111111-2222-4333-8444-555555555555"
	w.join(404, nobody, company.GroupE1, nobody)
	w.want(404, nobody, "POST", "/groups/"+nobody+"/members/$ref", w.ref(id))
	w.want(
		400,
		"@odata.id",
		"POST",
		"/groups/"+w.tenant.company.GroupID(company.GroupE1)+"/members/$ref",
		`{"@odata.id":"`+id+`"}`,
	)
	named, _ := w.list("/groups?$filter=" + url.QueryEscape("displayName eq 'LIC Copilot wave 1 & 2'") + "&$select=id")
	if len(named) != 1 || named[0]["id"] != w.tenant.company.GroupID(company.GroupCopilot) {
		t.Errorf("by name: %v", named)
	}
}

func TestGroupWithoutSeats(t *testing.T) {
	w := startWriter(t, Options{Users: 300})
	var late string
	for i := 0; ; i++ {
		id := w.newUser(fmt.Sprint("u", i), "CH")
		w.join(204, "", company.GroupE5, id)
		if got := ways(w.user(id), products.E5); got[0] != w.tenant.company.GroupID(company.GroupE5) {
			if got[0] != w.tenant.company.GroupID(company.GroupE5)+" CountViolation" || i == 0 {
				t.Fatalf("user %d: %v", i, got)
			}
			late = id
			break
		}
	}
	if l := w.user(late)["assignedLicenses"].([]any); len(l) != 0 {
		t.Errorf("held without a seat: %v", l)
	}
	w.want(200, "", "POST", "/users/"+late+"/reprocessLicenseAssignment", ``)
	if got := ways(w.user(late), products.E5)[0]; got != w.tenant.company.GroupID(company.GroupE5)+" CountViolation" {
		t.Errorf("still no seat: %s", got)
	}
	w.want(204, "", "DELETE", "/users/u0@"+w.tenant.company.Domain, ``)
	w.want(200, "", "POST", "/users/"+late+"/reprocessLicenseAssignment", ``)
	if got := ways(w.user(late), products.E5)[0]; got != w.tenant.company.GroupID(company.GroupE5) {
		t.Errorf("with the seat that was freed: %s", got)
	}
}

func TestDeleteWithoutRefDeletesNothing(t *testing.T) {
	w := startWriter(t, Options{Users: 50, Faults: []string{"write_faults"}})
	members, _ := w.list("/groups/" + w.tenant.company.GroupID(company.GroupEverybody) + "/members?$select=id")
	id := members[0]["id"].(string)
	state := string(w.server.State())
	w.want(400, "without /$ref deletes the user "+
		"itself", "DELETE", "/groups/"+w.tenant.company.GroupID(company.GroupE3)+"/members/"+id, ``)
	if d := w.server.Dangers(); len(d) != 1 ||
		d[0] != "DELETE /v1.0/groups/"+w.tenant.company.GroupID(company.GroupE3)+"/members/"+id {
		t.Errorf("dangers: %v", d)
	}
	if string(w.server.State()) != state || len(w.server.Changes()) != 0 {
		t.Error("something was deleted")
	}
}

func TestGetByIDs(t *testing.T) {
	w := startWriter(t, Options{Users: 50})
	id := w.newUser("newcomer", "DE")
	group := w.tenant.company.GroupID(company.GroupE3)
	body := fmt.Sprintf(`{"ids":["%s","%s","11111111-2222-4333-8444-555555555555"]}`, id, group)
	all := w.want(200, "", "POST", "/directoryObjects/getByIds?$select=id,displayName", body)["value"].([]any)
	if len(all) != 2 || all[0].(map[string]any)["@odata.type"] != "#microsoft.graph.user" ||
		all[0].(map[string]any)["displayName"] != "newcomer" ||
		all[1].(map[string]any)["@odata.type"] != "#microsoft.graph.group" {
		t.Errorf("by ids: %v", all)
	}
	w.want(400, "missing parameters are: ids", "POST", "/directoryObjects/getByIds", `{}`)
	w.token = w.tenant.tokens.Reader() // it reads
	if some := w.want(200, "", "POST", "/directoryObjects/getByIds",
		body[:len(body)-1]+`,"types":["group"]}`)["value"].([]any); len(
		some,
	) != 1 {
		t.Errorf("groups by ids: %v", some)
	}
}
