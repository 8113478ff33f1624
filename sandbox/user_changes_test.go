package sandbox

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"m365lake/sandbox/company"
	"m365lake/sandbox/entra"
	"m365lake/sandbox/products"
)

// again is the same writer for a subtest.
func (w *writer) again(t *testing.T) *writer {
	return &writer{&client{T: t, tenant: w.tenant, server: w.server, http: w.http, token: w.token}}
}

func TestOnlyTheWriterWrites(t *testing.T) {
	w := startWriter(t, Options{Users: 100})
	id := w.someUser("at all", func(map[string]any) bool { return true })["id"].(string)
	writes := [][4]string{ // method, path, body, the permission without which it is refused
		{"POST", "/users", w.profile("x", "CH"), entra.PermitUsers},
		{"PATCH", "/users/" + id, `{"usageLocation":"CH"}`, entra.PermitUsers},
		{"DELETE", "/users/" + id, ``, entra.PermitUsers},
		{"POST", "/users/" + id + "/assignLicense", assigning(nil), ""}, // User.ReadWrite.All allows it too
		{"POST", "/users/" + id + "/reprocessLicenseAssignment", ``, entra.PermitUsers},
		{"POST", "/users/" + id + "/revokeSignInSessions", ``, entra.PermitUsers},
		{"POST", "/directory/deletedItems/" + id + "/restore", ``, entra.PermitUsers},
		{
			"POST",
			"/groups/" + w.tenant.company.GroupID(company.GroupCopilot) + "/members/$ref",
			`{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/` + id + `"}`,
			entra.PermitMembers,
		},
		{
			"DELETE",
			"/groups/" + w.tenant.company.GroupID(company.GroupCopilot) + "/members/" + id + "/$ref",
			``,
			entra.PermitMembers,
		},
	}
	const denied = "Authorization_RequestDenied: Insufficient privileges to complete the operation."
	state := w.server.State()
	token := w.token
	w.token = w.tenant.tokens.Reader()
	for _, call := range writes {
		w.want(403, denied, call[0], call[1], call[2])
	}
	w.token = token
	if string(w.server.State()) != string(state) || len(w.server.Changes()) != 0 {
		t.Error("a refused write was applied")
	}
	for fault, permission := range map[string]string{"no_user_permission": entra.PermitUsers,
		"no_member_permission": entra.PermitMembers} {
		v := startWriter(t, Options{Users: 100, Faults: []string{fault}})
		for _, call := range writes {
			status, answer := v.send(call[0], call[1], call[2])
			if code, _ := problem(answer); (code == "Authorization_RequestDenied") != (call[3] == permission) {
				t.Errorf("%s: %s %s: %d %s", fault, call[0], call[1], status, code)
			}
		}
	}
	v := startWriter(t, Options{Users: 100, Faults: []string{"no_license_permission", "no_user_permission"}})
	v.want(403, denied, "POST", "/users/"+id+"/assignLicense", assigning(nil))
	w.want(405, "Specified HTTP method is not allowed", "POST", "/subscribedSkus", "{}")
	w.want(405, "Specified HTTP method is not allowed", "PUT", "/users/"+id, "{}")
}

func TestChangeUser(t *testing.T) {
	now := monday
	w := startWriter(t, Options{Users: 400, Today: func() time.Time { return now }})
	cloud := w.someUser("of the cloud", func(u map[string]any) bool {
		return u["userType"] == "Member" && u["onPremisesSyncEnabled"] == nil && u["accountEnabled"] == true &&
			u["department"] == "Sales"
	})
	synced := w.someUser("synced", func(u map[string]any) bool {
		return u["onPremisesSyncEnabled"] == true &&
			u["usageLocation"] == "CH"
	})["id"].(string)
	id := cloud["id"].(string)
	state := string(w.server.State())
	path := "/users/" + url.PathEscape(cloud["userPrincipalName"].(string))
	w.want(204, "", "PATCH", path, `{"accountEnabled":false,"usageLocation":"FR","department":"Trésor \"A\""}`)
	if u := w.user(id); u["accountEnabled"] != false || u["usageLocation"] != "FR" || u["department"] != `Trésor "A"` ||
		u["displayName"] != cloud["displayName"] {
		t.Errorf("after the change: %v", u)
	}
	disabled, _ := w.list("/users?$top=999&$select=id,accountEnabled&$filter=" + url.QueryEscape("accountEnabled eq "+
		"false"))
	if !slices.ContainsFunc(disabled, func(u map[string]any) bool { return u["id"] == id }) {
		t.Error("not among the disabled")
	}
	const onPremises = "Request_BadRequest: Unable to update the specified properties for on-premises mastered " +
		"Directory Sync objects"
	w.want(204, "", "PATCH", "/users/"+synced, `{"usageLocation":"DE"}`)
	w.want(204, "", "PATCH", "/users/"+synced, `{"usageLocation":"CH"}`)
	w.want(400, onPremises, "PATCH", "/users/"+synced, `{"accountEnabled":false}`)
	w.want(400, onPremises, "DELETE", "/users/"+synced, ``)
	for body, message := range map[string]string{
		`{"accountEnabled":null}`:            "'accountEnabled' of resource 'User'",
		`{"accountEnabled":"no"}`:            "'accountEnabled' of resource 'User'",
		`{"usageLocation":"Germany"}`:        "'usageLocation' of resource 'User'",
		`{"usageLocation":""}`:               "'usageLocation' of resource 'User'",
		`{"shoeSize":44}`:                    "One or more property values specified are invalid",
		`{"displayName":null}`:               "'displayName' of resource 'User'",
		`{"employeeId":"12345678901234567"}`: "'employeeId' of resource 'User'",
		`[]`:                                 "Unable to read JSON request payload",
	} {
		w.want(400, message, "PATCH", "/users/"+id, body)
	}
	w.want(404, "Request_ResourceNotFound", "PATCH", "/users/nobody@"+w.tenant.company.Domain, `{"usageLocation":"CH"}`)
	w.want(204, "", "PATCH", "/users/"+id, `{"accountEnabled":true,`+
		`"usageLocation":"`+cloud["usageLocation"].(string)+`","department":"Sales"}`)
	if got := string(w.server.State()); got != state {
		t.Error("changed back, and not as before")
	}
	changes := len(w.server.Changes())
	w.want(204, "", "PATCH", "/users/"+id, `{"department":"Sales"}`)
	if c := w.server.Changes(); len(c) != changes+1 || c[changes].Changed {
		t.Errorf("what was so already: %+v", c[changes:])
	}

	now = now.Add(time.Minute)
	if a := w.want(200, "", "POST", "/users/"+id+"/revokeSignInSessions", ``); a["value"] != true {
		t.Errorf("revoked: %v", a)
	}
	const sessions = "signInSessionsValidFromDateTime"
	if u := w.get("/users/" + id + "?$select=" + sessions); u[sessions] != "2026-03-16T11:31:00Z" {
		t.Errorf("sessions: %v", u)
	}
	if got := string(w.server.State()); got != state {
		t.Error("the state has the time of sessions in it")
	}
}

func TestAdministratorsAreProtected(t *testing.T) {
	w := startWriter(t, Options{Users: 900})
	var admin string
	assignments, _ := w.list("/roleManagement/directory/roleAssignments")
	for _, a := range assignments {
		id := a["principalId"].(string)
		if resp, _ := w.graph("/users/" + id); resp.StatusCode == 200 && a["directoryScopeId"] == "/" {
			admin = id
		}
	}
	one, _ := w.list(
		"/roleManagement/directory/roleAssignments?$filter=" + url.QueryEscape("principalId eq '"+admin+"'"),
	)
	if len(one) == 0 || one[0]["principalId"] != admin {
		t.Fatalf("roles of %s: %v", admin, one)
	}
	memberships, _ := w.list("/users/" + admin + "/memberOf?$select=id,displayName,roleTemplateId,isAssignableToRole")
	found := slices.ContainsFunc(memberships, func(m map[string]any) bool {
		return m["@odata.type"] == "#microsoft.graph.directoryRole" && m["roleTemplateId"] != nil
	})
	if custom := w.tenant.company.RoleID(len(company.DirectoryRoles) - 1); !found &&
		one[0]["roleDefinitionId"] != custom {
		t.Errorf("memberships without a role: %v", memberships)
	}
	helpdesk, _ := w.list("/groups/" + w.tenant.company.GroupID(company.GroupHelpdesk) + "/members?$select=id," +
		"displayName")
	if len(helpdesk) == 0 || helpdesk[0]["@odata.type"] != "#microsoft.graph.user" {
		t.Fatalf("help desk: %v", helpdesk)
	}
	for _, id := range []string{admin, helpdesk[0]["id"].(string)} {
		w.want(403, "Authorization_RequestDenied", "PATCH", "/users/"+id, `{"accountEnabled":false}`)
		w.want(403, "Authorization_RequestDenied", "DELETE", "/users/"+id, ``)
		w.want(204, "", "PATCH", "/users/"+id, `{"usageLocation":"CH"}`)
		w.assign(200, "", id, assigning([]string{adding(products.FlowFree)}))
	}
	byGroup, _ := w.list("/users/" + helpdesk[0]["id"].(string) + "/transitiveMemberOf/microsoft.graph.directoryRole")
	if !slices.ContainsFunc(byGroup, func(m map[string]any) bool {
		return m["displayName"] == "Helpdesk "+
			"Administrator"
	}) {
		t.Errorf("roles by a group: %v", byGroup)
	}
}

func TestCreateDeleteRestore(t *testing.T) {
	w := startWriter(t, Options{Users: 200})
	domain := w.tenant.company.Domain
	state := string(w.server.State())
	bad := func(from, to string) string { return strings.Replace(w.profile("newcomer", "DE"), from, to, 1) }
	for body, message := range map[string]string{
		bad(`"displayName":"newcomer"`, `"displayName":null`): "A value is required for property " +
			"'displayName' of resource 'User'.",
		bad(`"accountEnabled":true,`, ``): "A value is required for property " +
			"'accountEnabled' of resource 'User'.",
		bad(`"passwordProfile"`, `"@odata.passwordProfile"`): "A value is required for property " +
			"'passwordProfile' of resource 'User'.",
		bad(`Xyz-12345678`, `password`): "password complexity",
		bad("@"+domain, "@elsewhere.example"): "You must use one of the verified " +
			"domain names in your organization.",
		bad(`"userPrincipalName":"newcomer`, `"userPrincipalName":"new comer`): "Property userPrincipalName is " +
			"invalid.",
		bad(`"usageLocation":"DE"`, `"usageLocation":"Germany"`): "'usageLocation' of resource 'User'",
		bad(`"usageLocation":"DE"`, `"shoeSize":44`): "One or more property values " +
			"specified are invalid",
	} {
		w.want(400, message, "POST", "/users", body)
	}
	if string(w.server.State()) != state {
		t.Fatal("a refused user was created")
	}
	id := w.newUser("newcomer", "DE")
	w.want(400, "Request_BadRequest: Another object with the same value for property userPrincipalName already "+
		"exists.", "POST", "/users", w.profile("newcomer", "DE"))
	taken := w.someUser("at all", func(map[string]any) bool { return true })["userPrincipalName"].(string)
	w.want(400, "same value for property "+
		"userPrincipalName", "POST", "/users", bad("newcomer@"+domain, strings.ToUpper(taken[:1])+taken[1:]))
	all, _ := w.list("/users?$top=50&" + everything + ",createdDateTime,signInActivity,jobTitle,employeeId," +
		"companyName,city,mail,assignedPlans&$expand=manager($select=id)")
	if last := all[len(all)-1]; len(all) != 201 || last["id"] != id ||
		last["createdDateTime"] != "2026-03-16T11:30:00Z" ||
		last["usageLocation"] != "DE" ||
		last["userType"] != "Member" {
		t.Errorf("%d users, the last is %v", len(all), last)
	}
	named, _ := w.list("/users?$filter=" + url.QueryEscape("userPrincipalName eq "+
		"'NEWCOMER@"+domain+"'") + "&$select=id")
	if len(named) != 1 || named[0]["id"] != id {
		t.Errorf("by name: %v", named)
	}
	w.assign(200, "", id, assigning([]string{adding(products.E3, "TEAMS1")}))
	w.want(204, "", "POST", "/groups/"+w.tenant.company.GroupID(company.GroupCopilot)+"/members/$ref", w.ref(id))
	before, seats := string(w.server.State()), w.consumed()
	w.want(204, "", "DELETE", "/users/newcomer@"+domain, ``)
	if got := w.consumed(); got["SPE_E3"] != seats["SPE_E3"]-1 ||
		got["Microsoft_365_Copilot"] != seats["Microsoft_365_Copilot"]-1 {
		t.Errorf("seats freed: %v, before %v", got, seats)
	}
	w.want(404, "Request_ResourceNotFound", "DELETE", "/users/"+id, ``)
	if resp, _ := w.graph("/users/" + id); resp.StatusCode != 404 {
		t.Errorf("deleted and served: %s", resp.Status)
	}
	if d := w.get("/directory/deletedItems/" + id + "?$select=id,userPrincipalName,deletedDateTime"); d["id"] != id ||
		d["userPrincipalName"] != strings.ReplaceAll(
			id,
			"-",
			"",
		)+"newcomer@"+domain || d["deletedDateTime"] != "2026-03-16T11:30:00Z" {
		t.Errorf("in the bin: %v", d)
	}
	bin, _ := w.list("/directory/deletedItems/microsoft.graph.user?$select=id")
	if !slices.ContainsFunc(bin, func(u map[string]any) bool { return u["id"] == id }) {
		t.Error("not in the list of deleted users")
	}
	w.want(200, "", "POST", "/directory/deletedItems/"+id+"/restore", ``)
	if got := string(w.server.State()); got != before {
		t.Error("restored, and not as before")
	}
	w.want(404, "Request_ResourceNotFound", "POST", "/directory/deletedItems/"+id+"/restore", ``)

	w.want(204, "", "DELETE", "/users/"+id, ``)
	second := w.newUser("newcomer", "DE") // the name is free
	w.want(400, "same value for property userPrincipalName", "POST", "/directory/deletedItems/"+id+"/restore", ``)
	w.want(200, "", "POST", "/directory/deletedItems/"+id+"/restore", `{"newUserPrincipalName":"returner@`+domain+`"}`)
	if u := w.user("returner@" + domain); u["id"] != id || w.user("newcomer@" + domain)["id"] != second {
		t.Errorf("restored under a new name: %v", u)
	}
}

func TestDeleteAndRestoreInventedPeople(t *testing.T) {
	w := startWriter(t, Options{Users: 3000})
	person := w.someUser("of the cloud with a licence of their own and a group", func(u map[string]any) bool {
		return u["userType"] == "Member" && u["onPremisesSyncEnabled"] == nil && u["department"] == "Sales" &&
			fmt.Sprint(ways(u, products.PowerBIPro)) == "[direct]" &&
			len(ways(u, products.E3)) > 0
	})
	id := person["id"].(string)
	before := string(w.server.State())
	w.want(204, "", "DELETE", "/users/"+id, ``)
	all, _ := w.list("/users?$top=999&$select=id")
	if len(all) != 2999 {
		t.Errorf("%d users", len(all))
	}
	w.want(200, "", "POST", "/directory/deletedItems/"+id+"/restore", ``)
	if string(w.server.State()) != before {
		t.Error("restored, and not as before")
	}

	// somebody who left before anybody wrote anything
	bin, _ := w.list("/directory/deletedItems/microsoft.graph.user?$top=999&$select=id,onPremisesSyncEnabled,userType")
	tried := 0
	for _, d := range bin {
		key := d["id"].(string)
		if key == id {
			continue
		}
		if d["onPremisesSyncEnabled"] == true {
			w.want(400, "on-premises mastered", "POST", "/directory/deletedItems/"+key+"/restore", ``)
			continue
		}
		tried++
		before := string(w.server.State())
		w.want(200, "", "POST", "/directory/deletedItems/"+key+"/restore", ``)
		if u := w.user(key); u["id"] != key {
			t.Errorf("restored: %v", u)
		}
		if resp, _ := w.graph("/directory/deletedItems/" + key); resp.StatusCode != 404 {
			t.Errorf("restored and in the bin: %s", resp.Status)
		}
		w.want(204, "", "DELETE", "/users/"+key, ``)
		if string(w.server.State()) != before {
			t.Errorf("%s: deleted again, and not as before", key)
		}
	}
	if tried < 3 {
		t.Errorf("%d restored of %d", tried, len(bin))
	}
}
