package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"m365lake/sandbox/company"
)

func TestDeletedUsers(t *testing.T) {
	now := monday
	c := start(t, Options{Users: 3000, Today: func() time.Time { return now }})
	look := func(path string) map[string]map[string]any {
		c.token = c.tenant.tokens.Reader()
		all, _ := c.list(path)
		byID := map[string]map[string]any{}
		for _, u := range all {
			byID[u["id"].(string)] = u
		}
		if len(byID) != len(all) {
			t.Errorf("%s lists somebody twice", path)
		}
		return byID
	}
	const bin = "/directory/deletedItems/microsoft.graph.user?$top=20&$select=id,displayName,userPrincipalName," +
		"deletedDateTime,assignedLicenses"
	before := look("/users?$top=999&$select=id,userPrincipalName,deletedDateTime")
	now = now.AddDate(0, 0, company.DaysInBin-1)
	after := look("/users?$top=999&$select=id")
	deleted := look(bin)
	gone := 0
	for id, u := range before {
		if u["deletedDateTime"] != nil {
			t.Fatalf("deleted and in /users: %v", u)
		}
		if after[id] != nil {
			continue
		}
		gone++
		d := deleted[id]
		if d == nil {
			t.Errorf("vanished without a trace: %v", u)
			continue
		}
		if upn := d["userPrincipalName"].(string); !strings.HasPrefix(upn, strings.ReplaceAll(id, "-", "")) ||
			!strings.Contains(upn, "@") {
			t.Errorf("name of a deleted account: %s", upn)
		}
		if at := d["deletedDateTime"].(string); at < "2026-03-16" || at > now.Format(time.RFC3339) {
			t.Errorf("deleted at %s", at)
		}
		if resp, _ := c.graph("/users/" + id); resp.StatusCode != 404 {
			t.Errorf("deleted and served: %s", resp.Status)
		}
	}
	if gone < 20 || len(deleted) < gone || len(deleted) > gone+10 {
		t.Errorf("%d vanished, %d deleted", gone, len(deleted))
	}
}

func TestRolesAndMembers(t *testing.T) {
	c := start(t, Options{Users: 900})
	roles := map[string]string{}
	all, _ := c.list("/roleManagement/directory/roleDefinitions?$select=id,displayName,isBuiltIn,templateId,isEnabled")
	for _, r := range all {
		roles[r["id"].(string)] = r["displayName"].(string)
		if r["isBuiltIn"] != (r["displayName"] != "Licence Desk") || r["isEnabled"] != true {
			t.Errorf("role: %v", r)
		}
	}
	users, _ := c.list("/users?$top=999&$select=id,accountEnabled,userType,licenseAssignmentStates")
	enabled := map[string]bool{}
	byGroup := map[string]map[string]bool{}
	members := 0
	for _, u := range users {
		enabled[u["id"].(string)] = u["accountEnabled"].(bool)
		for _, l := range u["licenseAssignmentStates"].([]any) {
			if g, ok := l.(map[string]any)["assignedByGroup"].(string); ok {
				if byGroup[g] == nil {
					byGroup[g] = map[string]bool{}
				}
				byGroup[g][u["id"].(string)] = true
			}
		}
	}
	var group string
	direct, other, ids := 0, 0, map[any]bool{}
	assignments, _ := c.list("/roleManagement/directory/roleAssignments")
	for _, a := range assignments {
		id := a["principalId"].(string)
		ids[a["id"]] = true
		if roles[a["roleDefinitionId"].(string)] == "" || !strings.HasPrefix(a["directoryScopeId"].(string), "/") {
			t.Errorf("assignment: %v", a)
		}
		on, isUser := enabled[id]
		switch {
		case isUser && on:
			direct++
		case isUser:
			t.Errorf("a disabled account has a role: %v", a)
		default:
			if resp, _ := c.graph("/groups/" + id); resp.StatusCode == 200 {
				group = id
			} else {
				other++
			}
		}
	}
	if direct < 5 || other != 1 || group == "" || len(ids) != len(assignments) {
		t.Errorf("%d direct, %d applications, group %q, %d ids of %d", direct, other, group, len(ids), len(assignments))
	}
	_, body := c.graph("/groups/" + group + "?$select=id,displayName,isAssignableToRole")
	var g map[string]any
	if err := json.Unmarshal([]byte(body), &g); err != nil || g["isAssignableToRole"] != true ||
		g["displayName"] != "ADM Helpdesk" {
		t.Errorf("%v: %s", err, body)
	}
	groupsList, _ := c.list("/groups")
	for _, g := range groupsList {
		id := g["id"].(string)
		listed, _ := c.list("/groups/" + id + "/transitiveMembers/microsoft.graph.user?$select=id&$top=50")
		seen := map[string]bool{}
		for _, m := range listed {
			if len(m) != 1 {
				t.Fatalf("$select=id gives %v", m)
			}
			seen[m["id"].(string)] = true
			if _, ok := enabled[m["id"].(string)]; !ok {
				t.Errorf("%s: a member who is not in the directory", g["displayName"])
			}
		}
		if len(g["assignedLicenses"].([]any)) > 0 && fmt.Sprint(seen) != fmt.Sprint(byGroup[id]) &&
			len(seen)+len(byGroup[id]) > 0 {
			t.Errorf("%s: %d members, %d people with its licences", g["displayName"], len(seen), len(byGroup[id]))
		}
		if g["displayName"] == "All Employees" {
			members = len(seen)
		}
		if id == group && len(seen) == 0 {
			t.Error("nobody has the role of the group")
		}
	}
	if members < 750 {
		t.Errorf("%d employees", members)
	}
	for path, status := range map[string]int{
		"/groups/00000000-0000-4000-8000-000000000000": 404,
		"/groups/" + group + "/owners":                 400,
		"/groups/" + group + "?$select=shoeSize":       400,
	} {
		if resp, body := c.graph(path); resp.StatusCode != status {
			t.Errorf("%s: %s %s", path, resp.Status, body)
		}
	}
}
