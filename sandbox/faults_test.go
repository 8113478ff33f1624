package sandbox

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"
)

const teamsReport = "getTeamsUserActivityUserDetail"
const teamsWeek = teamsReport + "(period='D7')"

func TestFaultNames(t *testing.T) {
	for name, want := range map[string]string{
		"nonsense":            "throttle_first",
		"report_empty":        teamsReport,
		"report_empty:getFoo": teamsReport,
		"slow:very":           "takes no argument",
		"missing_day:monday":  "YYYY-MM-DD",
		"permission_missing":  "such as Reports.Read.All",
	} {
		if _, err := New(Options{Faults: []string{name}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, f := range Faults() {
		name := strings.NewReplacer(":<function>", ":"+teamsReport, ":<YYYY-MM-DD>", ":2026-03-12",
			":<permission>", ":Reports.Read.All").Replace(f.Name)
		if _, err := New(Options{Faults: []string{name}}); err != nil || f.Description == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(Options{Users: -1}); err == nil {
		t.Error("a negative number of users")
	}
}

func TestFaultThrottleFirst(t *testing.T) {
	c := start(t, Options{Users: 5, Faults: []string{"throttle_first"}})
	for function := range delivered {
		resp, _ := c.graph("/reports/" + function + "(period='D7')")
		wait, err := strconv.ParseFloat(resp.Header.Get("Retry-After"), 64)
		if resp.StatusCode != 429 || err != nil || wait <= 0 || wait > 0.3 || wait == float64(int(wait)) {
			t.Errorf("%s: %s after %q", function, resp.Status, resp.Header.Get("Retry-After"))
		}
		c.raw(function + "(period='D7')")
	}
}

func TestFaultServerErrors(t *testing.T) {
	c := start(t, Options{Users: 5, Faults: []string{"server_errors"}})
	var got []int
	for range 21 {
		resp, _ := c.graph("/organization")
		if resp.StatusCode != 200 {
			got = append(got, resp.StatusCode)
		}
	}
	if len(got) != 3 || got[0] != 503 || got[1] != 502 || got[2] != 504 {
		t.Errorf("errors: %v", got)
	}
}

// inner unwraps an error of the report service.
func inner(t *testing.T, body string) (code, message string) {
	t.Helper()
	type wire struct {
		Error struct{ Code, Message string }
	}
	var outer, in wire
	if err := json.Unmarshal([]byte(body), &outer); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if err := json.Unmarshal([]byte(outer.Error.Message), &in); err != nil || outer.Error.Code != "UnknownError" {
		t.Fatalf("not wrapped: %v: %s", err, body)
	}
	return in.Error.Code, in.Error.Message
}

func TestFaultExpiredPageToken(t *testing.T) {
	c := start(t, Options{Users: 300, Faults: []string{"expired_page_token"}})
	_, body := c.graph("/users?$select=id")
	var first page
	if err := json.Unmarshal([]byte(body), &first); err != nil {
		t.Fatal(err)
	}
	if resp, body := c.graph(first.Next); resp.StatusCode != 400 ||
		!strings.Contains(body, `"code":"Directory_ExpiredPageToken"`) {
		t.Errorf("%s %s", resp.Status, body)
	}
	if all, _ := c.list("/users?$select=id"); len(all) != 300 {
		t.Errorf("%d users on the second try", len(all))
	}
}

func TestFaultDeletedUsers(t *testing.T) {
	c := start(t, Options{Users: 3000, Faults: []string{"deleted_users"}})
	deleted := 0
	for _, r := range c.table(teamsWeek) {
		if r["Is Deleted"] == "True" {
			deleted++
			if d := r["Deleted Date"]; d < "2026-02-14" || d > "2026-03-14" || r["Last Activity Date"] >= d {
				t.Errorf("deleted: %v", r)
			}
		}
	}
	if deleted < 15 || deleted > 80 {
		t.Errorf("%d deleted people", deleted)
	}
	for _, r := range c.everyReport() {
		if !r.ofPeople || r.function == skypeReport ||
			!strings.Contains(r.header, "Is Deleted") && !strings.Contains(r.header, "User State") {
			continue
		}
		n := 0
		for _, row := range c.table(r.function + "(period='D7')") {
			if row["Is Deleted"] == "True" || row["User State"] == "deleted" {
				n++
				if d := row["Deleted Date"] + row["State Change Date"]; d != "" &&
					(d < "2026-02-14" || row["Last Activity Date"] >= d) {
					t.Errorf("%s: %v", r.function, row)
				}
			}
		}
		if n < 5 || n > 80 {
			t.Errorf("%s: %d deleted people", r.function, n)
		}
	}
}

func TestFaultSlow(t *testing.T) {
	c := start(t, Options{Users: 5, Faults: []string{"slow"}})
	began := time.Now()
	c.graph("/organization")
	if d := time.Since(began); d < 300*time.Millisecond {
		t.Errorf("answered after %v", d)
	}
	c = start(t, Options{Users: 5, Faults: []string{"token_slow"}})
	began = time.Now()
	if status, _ := c.signIn(c.tenant.ID(), c.tenant.ClientID(), c.tenant.ClientSecret(), anyScope); status != 200 ||
		time.Since(began) < time.Second {
		t.Errorf("signed in with %d after %v", status, time.Since(began))
	}
}

func TestFaultNoPremium(t *testing.T) {
	c := start(t, Options{Users: 5, Faults: []string{"no_premium"}})
	for _, path := range []string{"/users?$select=id,signInActivity", "/users?$select=signInActivity&$top=500"} {
		if resp, body := c.graph(path); resp.StatusCode != 403 ||
			!strings.Contains(body, `"code":"Authentication_RequestFromNonPremiumTenantOrB2CTenant"`) {
			t.Errorf("%s: %s %s", path, resp.Status, body)
		}
	}
	c.list("/users?$select=id,displayName")
}

// Listings that are cut short, or lack what a permission does not show, look whole: only the count knows.
func TestFaultShortListings(t *testing.T) {
	listed := func(c *client, path string) int {
		t.Helper()
		resp, body := c.graph(path)
		var page struct{ Value []map[string]any }
		if err := json.Unmarshal([]byte(body), &page); err != nil || resp.StatusCode != 200 ||
			strings.Contains(body, "nextLink") {
			t.Fatalf("%s: %s %v %s", path, resp.Status, err, body)
		}
		return len(page.Value)
	}
	c := start(t, Options{Users: 60, Faults: []string{"short_users", "short_products", "short_listings"}})
	if n := listed(c, "/users?$top=999&$select=id"); n != 6 {
		t.Errorf("%d users", n)
	}
	if resp, _ := c.graph("/users/$count"); resp.StatusCode != 400 {
		t.Errorf("a count without ConsistencyLevel: %s", resp.Status)
	}
	for path, want := range map[string]int{
		"/subscribedSkus": 1, "/directory/subscriptions": 0, "/groups": 0, "/roleManagement/directory/roleAssignments": 0,
	} {
		if n := listed(c, path); n != want {
			t.Errorf("%s: %d, want %d", path, n, want)
		}
	}
	const properties = "/users?$top=999&$select=id,accountEnabled,assignedLicenses"
	c = start(t, Options{Users: 60, Faults: []string{"basic_users"}})
	if _, body := c.graph(properties); strings.Contains(body, `"accountEnabled":`) ||
		strings.Contains(body, `"assignedLicenses":`) || !strings.Contains(body, `"id":`) {
		t.Errorf("%.300s", body)
	}
	c = start(t, Options{Users: 60, Faults: []string{"no_licenses"}})
	if _, body := c.graph(properties); strings.Contains(body, "skuId") ||
		strings.Count(body, `"assignedLicenses":[]`) != 60 {
		t.Errorf("%.300s", body)
	}
	c = start(t, Options{Users: 60, Faults: []string{"odd_users"}})
	if _, body := c.graph("/users?$top=999&$select=id,userPrincipalName,createdDateTime,department"); !strings.Contains(
		body, `"createdDateTime":""`) || strings.Count(body, `"userPrincipalName"`) != 59 ||
		!strings.Contains(body, `"department":7`) {
		t.Errorf("%.900s", body)
	}
}
