package sandbox

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	productspkg "m365lake/sandbox/products"
)

func TestPagingCoversEverybodyOnce(t *testing.T) {
	for _, users := range []int{1, 99, 100, 250} {
		c := start(t, Options{Users: users})
		all, pages := c.list("/users?$select=id&$top=50")
		seen := map[string]bool{}
		for _, u := range all {
			seen[u["id"].(string)] = true
		}
		if len(all) != users || len(seen) != users || pages != (users+49)/50 {
			t.Errorf("%d users: %d rows, %d ids, %d pages", users, len(all), len(seen), pages)
		}
	}
}

func TestUserPages(t *testing.T) {
	c := start(t, Options{Users: 300})
	all, pages := c.list("/users")
	if len(all) != 300 || pages != 3 {
		t.Errorf("default page: %d rows on %d pages", len(all), pages)
	}
	if len(all[0]) != 11 {
		t.Errorf("default properties: %v", all[0])
	}
	for path, want := range map[string]string{
		"/users?$top=1000": "Request_BadRequest",
		"/users?$top=0":    "Request_BadRequest",
		"/users?$top=999&$select=id,signInActivity":  "Request_BadRequest",
		"/users?$select=id,shoeSize":                 "'shoeSize' on type 'microsoft.graph.user'",
		"/users?$skip=10":                            "Request_BadRequest",
		"/users?$skiptoken=bm9uc2Vuc2U":              "Directory_ExpiredPageToken",
		"/users?$filter=startswith(displayName,'a')": "Request_UnsupportedQuery",
		"/users?$expand=memberOf":                    "BadRequest",
	} {
		if resp, body := c.graph(path); resp.StatusCode != 400 || !strings.Contains(body, want) {
			t.Errorf("%s: %s %s", path, resp.Status, body)
		}
	}
	resp, _ := c.graph("/users?$select=id&$expand=manager($select=id)", "client-request-id", "my-own-id")
	if h := resp.Header; h.Get("x-ms-resource-unit") != "2" || h.Get("client-request-id") != "my-own-id" ||
		h.Get("request-id") == "" ||
		h.Get("Date") != "Mon, 16 Mar 2026 11:30:00 GMT" {
		t.Errorf("headers: %v", h)
	}
	guests, _ := c.list("/users?$filter=" + url.QueryEscape("userType eq 'Guest' and accountEnabled eq "+
		"true") + "&$select=userType,accountEnabled&$top=5")
	if len(guests) == 0 {
		t.Error("no guests")
	}
	for _, g := range guests {
		if g["userType"] != "Guest" || g["accountEnabled"] != true {
			t.Errorf("guest: %v", g)
		}
	}
}

func TestManagersFormATree(t *testing.T) {
	c := start(t, Options{Users: 500})
	all, _ := c.list("/users?$select=id,department,userType&$expand=manager($select=id)&$top=999")
	boss, dept := map[string]string{}, map[string]any{}
	with, inDepartment := 0, 0
	for _, u := range all {
		id := u["id"].(string)
		dept[id] = u["department"]
		if m, ok := u["manager"].(map[string]any); ok {
			boss[id] = m["id"].(string)
			with++
		}
	}
	for id := range boss {
		if dept[id] == dept[boss[id]] {
			inDepartment++
		}
		steps := 0
		for at := id; boss[at] != ""; at = boss[at] {
			if steps++; steps > 20 {
				t.Fatalf("%s manages themself", id)
			}
			if _, ok := dept[boss[at]]; !ok {
				t.Fatalf("%s has a manager who does not exist", at)
			}
		}
	}
	if with < 430 || inDepartment < with/2 {
		t.Errorf("%d with a manager, %d of them in the same department", with, inDepartment)
	}
}

func TestOneUser(t *testing.T) {
	c := start(t, Options{Users: 400})
	all, _ := c.list("/users?$select=id,userPrincipalName,displayName")
	for _, u := range all[:200] {
		for _, key := range []string{u["id"].(string), url.PathEscape(u["userPrincipalName"].(string))} {
			resp, body := c.graph("/users/" + key + "?$select=id,displayName")
			if resp.StatusCode != 200 || !strings.Contains(body, u["id"].(string)) {
				t.Fatalf("%s: %s %s", key, resp.Status, body)
			}
		}
	}
	if resp, body := c.graph("/users/00000000-0000-4000-8000-000000000000"); resp.StatusCode != 404 ||
		!strings.Contains(body, "Request_ResourceNotFound") {
		t.Errorf("nobody: %s %s", resp.Status, body)
	}
}

func TestSeatsAddUp(t *testing.T) {
	c := start(t, Options{Users: 3000})
	users, _ := c.list("/users?$top=999&$select=id,assignedLicenses,licenseAssignmentStates")
	holders, states := map[string]int{}, map[string]int{}
	for _, u := range users {
		held, active := map[any]bool{}, map[any]bool{}
		for _, l := range u["assignedLicenses"].([]any) {
			held[l.(map[string]any)["skuId"]] = true
			holders[l.(map[string]any)["skuId"].(string)]++
		}
		for _, l := range u["licenseAssignmentStates"].([]any) {
			s := l.(map[string]any)
			how := fmt.Sprint(s["state"], " ", s["error"], " ", s["assignedByGroup"] != nil)
			states[how]++
			if s["state"] == "Active" {
				active[s["skuId"]] = true
			}
		}
		if len(held) != len(active) {
			t.Errorf("%s: assignedLicenses %v, states %v", u["id"], held, active)
		}
	}
	for _, how := range []string{"Active None true", "Active None false", "Error CountViolation true"} {
		if states[how] == 0 {
			t.Errorf("no assignment is %q: %v", how, states)
		}
	}
	bought := map[string]map[string]float64{}
	subs, _ := c.list("/directory/subscriptions")
	perSKU := map[string]int{}
	for _, s := range subs {
		id := s["skuId"].(string)
		if bought[id] == nil {
			bought[id] = map[string]float64{}
		}
		bought[id][strings.ToLower(s["status"].(string))] += s["totalLicenses"].(float64)
		perSKU[s["skuPartNumber"].(string)]++
	}
	if perSKU["SPE_E3"] != 3 {
		t.Errorf("purchases: %v", perSKU)
	}
	over, warned := "", ""
	products, _ := c.list("/subscribedSkus")
	if len(products) != len(productspkg.SKUs) {
		t.Errorf("%d products", len(products))
	}
	for _, p := range products {
		id, used := p["skuId"].(string), p["consumedUnits"].(float64)
		if int(used) != holders[id] || used == 0 {
			t.Errorf("%s: %v consumed, %d holders", p["skuPartNumber"], used, holders[id])
		}
		units := p["prepaidUnits"].(map[string]any)
		for state, n := range units {
			if n != bought[id][strings.ToLower(state)] {
				t.Errorf("%s: %s %v, bought %v", p["skuPartNumber"], state, n, bought[id])
			}
		}
		if used > units["enabled"].(float64)+units["warning"].(float64) {
			over += p["skuPartNumber"].(string)
		}
		if p["capabilityStatus"] == "Warning" {
			warned += p["skuPartNumber"].(string)
		}
		if len(p["subscriptionIds"].([]any)) != perSKU[p["skuPartNumber"].(string)] {
			t.Errorf("%s: subscriptions %v", p["skuPartNumber"], p["subscriptionIds"])
		}
	}
	if over != "VISIOCLIENT" || warned != "ENTERPRISEPACK" {
		t.Errorf("over-assigned %q, in warning %q", over, warned)
	}
}

func TestGroupsGrantWhatStatesSay(t *testing.T) {
	c := start(t, Options{Users: 800})
	filter := "/groups?$count=true&$filter=" + url.QueryEscape("assignedLicenses/$count ne 0")
	if resp, body := c.graph(filter); resp.StatusCode != 400 || !strings.Contains(body, "ConsistencyLevel") {
		t.Errorf("without the header: %s %s", resp.Status, body)
	}
	if resp, _ := c.graph(filter, "ConsistencyLevel", "eventual"); resp.StatusCode != 200 {
		t.Errorf("with the header: %s", resp.Status)
	}
	grants := map[string]string{}
	all, _ := c.list("/groups?$select=id,assignedLicenses")
	for _, g := range all {
		for _, l := range g["assignedLicenses"].([]any) {
			grants[g["id"].(string)] = fmt.Sprint(l)
		}
	}
	users, _ := c.list("/users?$top=999&$select=licenseAssignmentStates")
	through := 0
	for _, u := range users {
		for _, l := range u["licenseAssignmentStates"].([]any) {
			s := l.(map[string]any)
			if g, ok := s["assignedByGroup"].(string); ok {
				through++
				if want := fmt.Sprint(map[string]any{"disabledPlans": s["disabledPlans"],
					"skuId": s["skuId"]}); grants[g] != want {
					t.Fatalf("group %s grants %s, the person has %s", g, grants[g], want)
				}
			}
		}
	}
	if through < 300 {
		t.Errorf("%d assignments through groups", through)
	}
}

func TestSameSeedSameCompany(t *testing.T) {
	all := func(seed uint64) string {
		c := start(t, Options{Users: 150, Seed: seed})
		text := ""
		for _, path := range []string{"/organization", "/subscribedSkus", "/directory/subscriptions", "/groups",
			"/users",
			"/users?$select=id,displayName,licenseAssignmentStates,assignedPlans,signInActivity&$top=100"} {
			_, body := c.graph(path)
			text += strings.ReplaceAll(body, c.server.URL(), "")
		}
		for _, r := range c.everyReport() {
			text += c.raw(r.call("D30"))
		}
		return text
	}
	if first, second := all(7), all(7); first != second {
		t.Error("the same seed gives another company")
	}
	if all(7) == all(8) {
		t.Error("another seed gives the same company")
	}
}

func TestPeopleComeAndGo(t *testing.T) {
	now := monday
	c := start(t, Options{Users: 4000, Today: func() time.Time { return now }})
	look := func() (byID map[string]map[string]any) {
		c.token = c.tenant.tokens.Reader()
		byID = map[string]map[string]any{}
		all, _ := c.list("/users?$top=999&$select=id,userPrincipalName,accountEnabled,createdDateTime,userType," +
			"assignedLicenses")
		for _, u := range all {
			byID[u["id"].(string)] = u
			if u["createdDateTime"].(string) > now.Format(time.RFC3339) {
				t.Fatalf("created in the future: %v", u)
			}
		}
		return byID
	}
	before := look()
	now = now.AddDate(0, 0, 30)
	after := look()
	joined, gone, disabled, renamed, idle := 0, 0, 0, 0, 0
	for id, u := range after {
		old, was := before[id]
		switch {
		case !was:
			joined++
			if u["createdDateTime"].(string) < monday.Format(time.RFC3339)[:10] {
				t.Errorf("appeared late: %v", u)
			}
		case old["userPrincipalName"] != u["userPrincipalName"]:
			renamed++
		case old["accountEnabled"] == true && u["accountEnabled"] == false:
			disabled++
		}
		if u["accountEnabled"] == false && len(u["assignedLicenses"].([]any)) > 0 {
			idle++
		}
	}
	for id, u := range before {
		if _, still := after[id]; !still {
			gone++
			if u["accountEnabled"] == true {
				t.Errorf("removed without being disabled first: %v", u)
			}
		}
	}
	if len(after) != 4000 || joined != gone || joined < 30 || joined > 90 || disabled < 30 || renamed < 1 || idle < 50 {
		t.Errorf("in 30 days: %d joined, %d gone, %d disabled, %d renamed, %d disabled with "+
			"licences", joined, gone, disabled, renamed, idle)
	}
}
