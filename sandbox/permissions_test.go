package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// What nobody consented to is neither in the token nor answered; a larger permission does as well.
func TestFaultPermissionMissing(t *testing.T) {
	for _, test := range []struct {
		faults, path, code string
		status             int
	}{
		{"", "/users?$top=1", "", 200},
		{"permission_missing:User.Read.All", "/users?$top=1", "Authorization_RequestDenied", 403},
		{"permission_missing:User.Read.All,permission_extra:Directory.Read.All", "/users?$top=1", "", 200},
		{"permission_missing:User.Read.All", "/directory/deletedItems/microsoft.graph.user",
			"Authorization_RequestDenied", 403},
		{"permission_missing:AuditLog.Read.All", "/users?$select=id," +
			"signInActivity", "Authorization_RequestDenied", 403},
		{"permission_missing:AuditLog.Read.All", "/users?$select=id", "", 200},
		{"permission_missing:Organization.Read.All," +
			"permission_missing:User.Read.All", "/organization", "Authorization_RequestDenied", 403},
		{"permission_missing:Organization.Read.All", "/directory/subscriptions", "Authorization_RequestDenied", 403},
		{"permission_missing:GroupMember.Read.All", "/groups", "", 200}, // Group.Read.All is there
		{"permission_missing:GroupMember.Read.All," +
			"permission_missing:Group.Read.All", "/groups", "Authorization_RequestDenied", 403},
		{"permission_missing:RoleManagement.Read.Directory", "/roleManagement/directory/roleDefinitions",
			"Authorization_RequestDenied", 403},
		{"permission_missing:ReportSettings.Read.All", "/admin/reportSettings", "S2SUnauthorized", 403},
		{"permission_missing:Reports.Read.All", "/reports/" + teamsWeek, "S2SUnauthorized", 403},
	} {
		c := start(t, Options{Users: 5, Faults: strings.FieldsFunc(test.faults, func(r rune) bool { return r == ',' })})
		resp, body := c.graph(test.path)
		if resp.StatusCode != test.status || test.code != "" && !strings.Contains(body, test.code) {
			t.Errorf("%s of %s: %s %s", test.path, test.faults, resp.Status, body)
		}
	}
}

// A person needs a directory role for the reports; an application does not.
func TestFaultNoReportsRole(t *testing.T) {
	tenant, err := New(Options{Users: 5, Faults: []string{"no_reports_role"}})
	if err != nil {
		t.Fatal(err)
	}
	server, err := tenant.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for token, want := range map[string]int{
		tenant.tokens.Reader():                             302,
		tenant.tokens.Person([]string{"Reports.Read.All"}): 403,
	} {
		req, _ := http.NewRequest(http.MethodGet, server.URL()+"/v1.0/reports/"+teamsWeek, nil)
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil || resp.StatusCode != want {
			t.Errorf("%d: %v %v", want, resp, err)
		}
	}
}

func TestFaultClockSkew(t *testing.T) {
	for fault, want := range map[string]time.Duration{"slow": 0, "clock_skew": 10 * time.Minute} {
		at := time.Date(2026, 11, 20, 5, 0, 0, 0, time.UTC)
		c := start(t, Options{Users: 5, Today: func() time.Time { return at }, Faults: []string{fault}})
		resp, _ := c.graph("/organization")
		if date, err := http.ParseTime(resp.Header.Get("Date")); err != nil || date.Sub(at) != want {
			t.Errorf("%s: %v %v", fault, date, err)
		}
	}
}

// Advanced queries count, and only with both the option and the header.
// Source: https://learn.microsoft.com/graph/aad-advanced-queries
func TestUsersWithoutUsageLocation(t *testing.T) {
	c := start(t, Options{Users: 200})
	const path = "/users?$select=id," +
		"usageLocation&$top=999&$filter=usageLocation%20eq%20null%20and%20userType%20eq%20'Member'"
	if resp, body := c.graph(path + "&$count=true"); resp.StatusCode != 400 ||
		!strings.Contains(body, "Request_UnsupportedQuery") {
		t.Errorf("without the header: %s %s", resp.Status, body)
	}
	tenant, err := New(Options{Users: 200})
	if err != nil {
		t.Fatal(err)
	}
	server, err := tenant.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ask := func(path string) (page struct {
		Count *int `json:"@odata.count"`
		Value []struct {
			UsageLocation *string `json:"usageLocation"`
			UserType      string  `json:"userType"`
		} `json:"value"`
	}) {
		req, _ := http.NewRequest(http.MethodGet, server.URL()+"/v1.0"+path, nil)
		req.Header.Set("Authorization", "Bearer "+tenant.tokens.Reader())
		req.Header.Set("ConsistencyLevel", "eventual")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
			t.Fatal(err)
		}
		return page
	}
	missing := 0
	for _, u := range ask("/users?$select=usageLocation,userType&$top=999").Value {
		if u.UsageLocation == nil && u.UserType == "Member" {
			missing++
		}
	}
	page := ask(path + "&$count=true")
	if page.Count == nil || *page.Count != missing || len(page.Value) != missing || missing == 0 || missing == 200 {
		t.Errorf("count %v, %d listed, %d without", page.Count, len(page.Value), missing)
	}
}

// The faults hold for the application that writes as well: its writes, its lookups by id, in batches too.
func TestFaultPermissionMissingOfTheWriter(t *testing.T) {
	w := startWriter(t, Options{Users: 20})
	id := w.get("/users?$top=1&$select=id")["value"].([]any)[0].(map[string]any)["id"].(string)
	ids := `{"ids":["` + id + `"],"types":["user"]}`
	w.want(200, "", "POST", "/directoryObjects/getByIds", ids)

	faults := []string{"permission_missing:User.ReadWrite.All", "permission_missing:LicenseAssignment.ReadWrite.All"}
	w = startWriter(t, Options{Users: 20, Faults: faults})
	w.want(403, "Authorization_RequestDenied", "PATCH", "/users/"+id, `{"usageLocation":"CH"}`)
	w.want(403, "Authorization_RequestDenied", "POST", "/users/"+id+"/assignLicense", `{"addLicenses":[],`+
		`"removeLicenses":[]}`)
	w.want(200, "", "POST", "/directoryObjects/getByIds", ids) // reading is left

	for _, name := range []string{"User.Read.All", "GroupMember.Read.All", "GroupMember.ReadWrite.All",
		"Group.Read.All"} {
		faults = append(faults, "permission_missing:"+name)
	}
	w = startWriter(t, Options{Users: 20, Faults: faults})
	w.want(403, "Authorization_RequestDenied", "POST", "/directoryObjects/getByIds", ids)
	answer := w.want(200, "", "POST", "/$batch", `{"requests":[{"id":"1","method":"GET",`+
		`"url":"/users/`+id+`/memberOf"}]}`)
	if status := answer["responses"].([]any)[0].(map[string]any)["status"]; status != 403.0 {
		t.Errorf("memberOf in a batch: %v", status)
	}
}

// A count without usage location sees what was written: locations given, accounts made without one.
func TestUsersWithoutUsageLocationAfterWrites(t *testing.T) {
	w := startWriter(t, Options{Users: 60})
	without := func() float64 {
		req, _ := http.NewRequest(
			http.MethodGet,
			w.server.URL()+"/v1.0/users?$select=id&$top=1&$count=true&$filter=usageLocation%20eq%20null",
			nil,
		)
		req.Header.Set("Authorization", "Bearer "+w.token)
		req.Header.Set("ConsistencyLevel", "eventual")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var page map[string]any
		if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
			t.Fatal(err)
		}
		count, ok := page["@odata.count"].(float64)
		if !ok {
			t.Fatalf("%s %v", resp.Status, page)
		}
		return count
	}
	before := without()
	w.want(201, "", "POST", "/users", w.profile("nowhere", ""))
	w.want(201, "", "POST", "/users", w.profile("somewhere", "CH"))
	if now := without(); now != before+1 {
		t.Errorf("%v after %v", now, before)
	}
	w.want(204, "", "PATCH", "/users/nowhere@"+w.tenant.company.Domain, `{"usageLocation":"DE"}`)
	if now := without(); now != before {
		t.Errorf("%v after %v", now, before)
	}
}
