package sandbox

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"m365lake/sandbox/company"
	"m365lake/sandbox/products"
)

// toggling sends writes that each change something, and tells what they met.
func (w *writer) toggling(n int) (met map[string]int, applied int) {
	w.Helper()
	id := w.someUser("of the cloud", func(u map[string]any) bool {
		return u["userType"] == "Guest" && u["onPremisesSyncEnabled"] == nil
	})["id"].(string)
	met = map[string]int{}
	row := 0
	for i := range n {
		before := len(w.server.Changes())
		body := fmt.Sprintf(`{"usageLocation":"%s"}`, []string{"CH", "DE"}[i%2])
		status, answer, header, err := w.try("PATCH", "/users/"+id, body)
		code, _ := problem(answer)
		done := len(w.server.Changes()) - before
		applied += done
		switch {
		case err != nil:
			met["dropped"]++
		case status == 429:
			if wait, err := strconv.ParseFloat(header.Get("Retry-After"), 64); err != nil || wait < 0.05 || wait > 0.3 {
				w.Errorf("Retry-After: %q", header.Get("Retry-After"))
			}
			fallthrough
		default:
			met[fmt.Sprint(status, " ", code)]++
		}
		if row++; status == 204 {
			row = 0
		}
		if row > 2 {
			w.Errorf("write %d is the third in a row that met trouble", i)
		}
		lost := done == 1 && w.server.Changes()[before].Lost
		if lost != (status != 204) && done == 1 || done == 0 && status == 204 {
			w.Errorf("write %d: %d %s, applied %d, lost %v", i, status, code, done, lost)
		}
	}
	return met, applied
}

func TestWriteFaults(t *testing.T) {
	for fault, kinds := range map[string][]string{
		"write_conflict": {"400 Directory_ConcurrencyViolation", "400 Request_BadRequest",
			"409 Directory_ConcurrencyViolation"},
		"write_throttled":     {"429 Request_ThrottledTemporarily"},
		"write_failed":        {"500 Service_InternalServerError", "503 ServiceUnavailable", "504 UnknownError"},
		"write_unknown_error": {"400 Request_BadRequest"},
		"write_lost":          {"dropped", "504 UnknownError"},
	} {
		met, applied := startWriter(t, Options{Users: 100, Faults: []string{fault}}).toggling(60)
		fine := met["204 "]
		for _, k := range kinds {
			if met[k] == 0 {
				t.Errorf("%s: no %s in %v", fault, k, met)
			}
		}
		if len(met) != len(kinds)+1 || fine < 25 || fine > 50 || applied != fine && fault != "write_lost" ||
			fault == "write_lost" && applied != 60 {
			t.Errorf("%s: %v, %d applied", fault, met, applied)
		}
		again, _ := startWriter(t, Options{Users: 100, Faults: []string{fault}}).toggling(60)
		if fmt.Sprint(again) != fmt.Sprint(met) {
			t.Errorf("%s: %v, and then %v", fault, met, again)
		}
	}
}

func TestReplicationLag(t *testing.T) {
	w := startWriter(t, Options{Users: 100, Faults: []string{"replication_lag"}})
	id := w.newUser("newcomer", "CH")
	w.want(404, "Request_ResourceNotFound", "PATCH", "/users/"+id, `{"usageLocation":"DE"}`)
	for i := range 3 {
		resp, _ := w.graph("/users/" + id)
		if want := []int{404, 404, 200}[i]; resp.StatusCode != want {
			t.Errorf("look %d: %s", i+2, resp.Status)
		}
	}
	w.want(204, "", "PATCH", "/users/"+id, `{"usageLocation":"DE"}`)
	for i, want := range []string{"CH", "CH", "DE"} {
		if u := w.user(id); u["usageLocation"] != want {
			t.Errorf("look %d: %v", i+1, u["usageLocation"])
		}
	}
	old := w.someUser("who may be deleted",
		func(u map[string]any) bool { return u["userType"] == "Guest" })["id"].(string)
	w.want(204, "", "DELETE", "/users/"+old, ``)
	for i, want := range []int{200, 200, 404} {
		if resp, _ := w.graph("/users/" + old); resp.StatusCode != want {
			t.Errorf("look %d at a deleted user: %s", i+1, resp.Status)
		}
	}
}

func TestSeatsRunOutBetween(t *testing.T) {
	w := startWriter(t, Options{Users: 100, Faults: []string{"seats_run_out"}})
	for i := range 4 {
		id := w.newUser(fmt.Sprint("u", i), "CH")
		if i < 2 {
			w.assign(200, "", id, assigning([]string{adding(products.FlowFree)}))
		} else {
			w.assign(400, "does not have any available licenses", id, assigning([]string{adding(products.FlowFree)}))
		}
	}
	all, _ := w.list("/subscribedSkus")
	for _, s := range all {
		if s["skuPartNumber"] == "FLOW_FREE" && s["prepaidUnits"].(map[string]any)["enabled"] != s["consumedUnits"] {
			t.Errorf("seats: %v", s)
		}
	}
}

// TestSeatsAddUpUnderRandomWrites sends writes at random, with every fault on, and counts again.
func TestSeatsAddUpUnderRandomWrites(t *testing.T) {
	for seed := range uint64(4) {
		faults := []string{"write_faults"}
		if seed%2 == 0 {
			faults = nil
		}
		w := startWriter(t, Options{Users: 150, Seed: seed, Faults: faults})
		r := rand.New(rand.NewPCG(seed, 1))
		people, _ := w.list("/users?$top=999&$select=id")
		var ids []string
		for _, p := range people {
			ids = append(ids, p["id"].(string))
		}
		accepted := 0
		for i := range 400 {
			id := ids[r.IntN(len(ids))]
			k, other, g := r.IntN(products.Count), r.IntN(products.Count), r.IntN(len(company.Groups))
			members := "/groups/" + w.tenant.company.GroupID(g) + "/members/"
			calls := [][3]string{
				{"POST", "/users/" + id + "/assignLicense", assigning([]string{adding(k)})},
				{"POST", "/users/" + id + "/assignLicense", assigning(nil, k)},
				{"POST", "/users/" + id + "/assignLicense", assigning([]string{adding(k)}, other)},
				{"POST", "/users/" + id + "/reprocessLicenseAssignment", ``},
				{"POST", members + "$ref", w.ref(id)},
				{"DELETE", members + id + "/$ref", ``},
				{"DELETE", "/users/" + id, ``},
				{"POST", "/directory/deletedItems/" + id + "/restore", ``},
				{"PATCH", "/users/" + id, `{"accountEnabled":` + strconv.FormatBool(k%2 == 0) + `}`},
				{"PATCH", "/users/" + id, `{"usageLocation":"` + []string{"CH", "SY", "FR"}[k%3] + `"}`},
				{"POST", "/users", w.profile(fmt.Sprint("new", i), "CH")},
			}
			call := calls[r.IntN(len(calls))]
			status, answer, _, err := w.try(call[0], call[1], call[2])
			if err == nil && status < 300 {
				accepted++
				if call[1] == "/users" {
					ids = append(ids, answer["id"].(string))
				}
			}
		}
		if accepted < 80 {
			t.Errorf("seed %d: %d writes accepted", seed, accepted)
		}
		w.addsUp(seed)
	}
}

// addsUp compares the lists with each other: seats with holders, states with licences, members with memberships.
func (w *writer) addsUp(seed uint64) {
	w.Helper()
	for range 3 { // until every replica has everything
		w.list("/users?$top=999&$select=id")
	}
	users, _ := w.list("/users?$top=50&" + everything)
	holders := map[string]int{}
	members := map[string][]string{}
	for _, u := range users {
		var held, active []string
		for _, l := range u["assignedLicenses"].([]any) {
			held = append(held, l.(map[string]any)["skuId"].(string))
		}
		for _, s := range u["licenseAssignmentStates"].([]any) {
			st := s.(map[string]any)
			if sku := st["skuId"].(string); st["state"] != "Error" && !slices.Contains(active, sku) {
				active = append(active, sku)
			}
			if (st["state"] == "Active") != (st["error"] == "None") {
				w.Errorf("seed %d: state %v", seed, st)
			}
			if g, ok := st["assignedByGroup"].(string); ok {
				members[g] = append(members[g], u["id"].(string))
			}
		}
		slices.Sort(held)
		slices.Sort(active)
		if !slices.Equal(held, active) {
			w.Errorf("seed %d: %s holds %v by states %v", seed, u["id"], held, active)
		}
		for _, sku := range held {
			holders[sku]++
		}
	}
	list, _ := w.list("/subscribedSkus")
	for _, s := range list {
		sku, consumed, units := s["skuId"].(string), int(
			s["consumedUnits"].(float64),
		), s["prepaidUnits"].(map[string]any)
		if holders[sku] != consumed {
			w.Errorf("seed %d: %s: %d seats taken, %d holders", seed, s["skuPartNumber"], consumed, holders[sku])
		}
		if bought := int(units["enabled"].(float64) + units["warning"].(float64)); consumed > bought &&
			sku != products.SKUs[products.Visio].ID {
			w.Errorf("seed %d: %s: %d seats taken of %d", seed, s["skuPartNumber"], consumed, bought)
		}
	}
	for g := range company.Groups {
		if company.Groups[g].SKU == company.NoSKU {
			continue
		}
		id := w.tenant.company.GroupID(g)
		listed, _ := w.list("/groups/" + id + "/members?$select=id&$top=7")
		var got []string
		for _, m := range listed {
			got = append(got, m["id"].(string))
		}
		slices.Sort(got)
		slices.Sort(members[id])
		if !slices.Equal(got, members[id]) {
			w.Errorf("seed %d: %s: %d members, %d with its "+
				"product", seed, company.Groups[g].Name, len(got), len(members[id]))
		}
	}
}

func TestStateDoesNotDependOnWhoWasTouched(t *testing.T) {
	w := startWriter(t, Options{Users: 300})
	state := string(w.server.State())
	for _, u := range func() []map[string]any { all, _ := w.list("/users?$select=id&$top=60"); return all }()[:60] {
		id := u["id"].(string)
		w.want(200, "", "POST", "/users/"+id+"/revokeSignInSessions", ``)
	}
	if string(w.server.State()) != state {
		t.Error("people who were touched and not changed look different")
	}
	if resp, _ := w.graph("/users"); resp.StatusCode != http.StatusOK {
		t.Error(resp.Status)
	}
}

// TestSeatsAddUpAsDaysGoBy writes to people and lets them leave.
func TestSeatsAddUpAsDaysGoBy(t *testing.T) {
	now := monday
	w := startWriter(t, Options{Users: 400, Today: func() time.Time { return now }})
	users, _ := w.list("/users?$top=999&$select=id,userType,onPremisesSyncEnabled")
	deleted, written := map[string]bool{}, map[string]bool{}
	for i, u := range users[:200] {
		id := u["id"].(string)
		if i%2 == 0 {
			w.want(204, "", "PATCH", "/users/"+id, `{"usageLocation":"FR"}`)
			w.assign(200, "", id, assigning([]string{adding(products.FlowFree)}))
			written[id] = true
		} else if u["userType"] == "Guest" {
			w.want(204, "", "DELETE", "/users/"+id, ``)
			deleted[id] = true
		}
	}
	created := w.newUser("newcomer", "DE")
	for _, days := range []int{1, 20, 40, 700} {
		now = monday.AddDate(0, 0, days)
		w.token = w.tenant.tokens.Writer()
		w.addsUp(uint64(days))
		if w.user(created)["id"] != created {
			t.Error("who was created is gone")
		}
		left := 0
		for id := range written {
			if resp, _ := w.graph("/users/" + id); resp.StatusCode == 404 {
				left++
			}
		}
		bin, _ := w.list("/directory/deletedItems/microsoft.graph.user?$top=999&$select=id")
		for id := range deleted {
			if in := slices.ContainsFunc(bin, func(u map[string]any) bool { return u["id"] == id }); in != (days < 30) {
				t.Errorf("%d days after, %s in the bin: %v", days, id, in)
			}
		}
		if days == 700 && (left < 10 || left > 90) || len(deleted) < 3 {
			t.Errorf("%d of %d who were written to left; %d deleted", left, len(written), len(deleted))
		}
	}
}
