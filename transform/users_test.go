package transform

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)


func TestUsersKeepTheirKeys(t *testing.T) {
	grants := NewGrants(EmbeddedProducts())
	columns := []string{"user_key", "user_principal_name", "department", "first_seen", "last_seen", "deleted_at"}

	first := page(
		`{`+anna+`,"userPrincipalName":"Anna@x.example","department":"Sales"}`,
		`{`+bert+`,"userPrincipalName":"bert@x.example","department":""}`)
	dayOne := mustCollect(t, Users(strings.NewReader(first), testWho(t, "2026-11-01"), grants, nil, nobodyBefore, &UserIndex{}))
	if diff := cmp.Diff([][]any{
		{1.0, "Anna@x.example", "Sales", "2026-11-01", "2026-11-01", nil},
		{2.0, "bert@x.example", nil, "2026-11-01", "2026-11-01", nil},
	}, pick(dayOne["users"], columns...)); diff != "" {
		t.Fatal(diff)
	}

	// Anna is gone, Bert has a new name, Chloe took Bert's old one; the listing comes in two pages
	// and repeats Bert.
	second := page(`{`+chloe+`,"userPrincipalName":"bert@x.example"}`, `{`+bert+`,"userPrincipalName":"albert@x.example"}`) +
		page() + page(`{`+bert+`,"userPrincipalName":"albert@x.example"}`)
	want := [][]any{
		{3.0, "bert@x.example", nil, "2026-11-02", "2026-11-02", nil},
		{2.0, "albert@x.example", nil, "2026-11-01", "2026-11-02", nil},
		{1.0, "Anna@x.example", "Sales", "2026-11-01", "2026-11-01", "2026-11-02"},
	}
	index := &UserIndex{}
	dayTwo := mustCollect(t, Users(strings.NewReader(second), testWho(t, "2026-11-02"), grants, nil, asPrevious(t, dayOne["users"]), index))
	if diff := cmp.Diff(want, pick(dayTwo["users"], columns...)); diff != "" {
		t.Fatal(diff)
	}
	for name, key := range map[string]int32{"BERT@x.example": 3, "albert@x.example": 2, "anna@X.example": 1} {
		if got, ok := index.KeyByName([]byte(name)); !ok || got != key {
			t.Errorf("%s is %d, %t; want %d", name, got, ok, key)
		}
	}
	if index.Listed() != 2 || index.Len() != 3 {
		t.Errorf("%d listed of %d", index.Listed(), index.Len())
	}

	// The same day again, as after a run that was killed: nothing moves.
	again := mustCollect(t, Users(strings.NewReader(second), testWho(t, "2026-11-02"), grants, nil, asPrevious(t, dayTwo["users"]), &UserIndex{}))
	if diff := cmp.Diff(want, pick(again["users"], columns...)); diff != "" {
		t.Fatal(diff)
	}

	// Anna comes back.
	third := page(`{` + anna + `,"userPrincipalName":"anna@x.example"}`)
	dayThree := mustCollect(t, Users(strings.NewReader(third), testWho(t, "2026-11-03"), grants, nil, asPrevious(t, dayTwo["users"]), &UserIndex{}))
	if diff := cmp.Diff([]any{1.0, "anna@x.example", nil, "2026-11-01", "2026-11-03", nil}, pick(dayThree["users"], columns...)[0]); diff != "" {
		t.Fatal(diff)
	}
}

func TestUsersRefuse(t *testing.T) {
	for name, test := range map[string]struct{ raw, want string }{
		"nobody":         {page(), "Graph listed nobody"},
		"no name":        {page(`{` + anna + `}`), "has no userPrincipalName"},
		"no GUID":        {page(`{"id":"7","userPrincipalName":"x"}`), `user id "7" is not a GUID`},
		"two of a name":  {page(`{`+anna+`,"userPrincipalName":"x@y"}`, `{`+bert+`,"userPrincipalName":"X@y"}`), "two users are called X@y"},
		"cut off":        {`{"value":[{` + anna + `,"userPrincipalName":"x@y"},{"id":`, "users: value 2 at byte"},
		"not an object":  {`[1]`, "a page begins with"},
		"wrong type":     {page(`{"id":7}`), "users: value 1"},
		"empty raw file": {"", "Graph listed nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := collect(Users(strings.NewReader(test.raw), testWho(t, "2026-11-01"), NewGrants(EmbeddedProducts()), nil, nobodyBefore, &UserIndex{}))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v; want %s", err, test.want)
			}
		})
	}
}

func TestLicenseAssignments(t *testing.T) {
	skus := page(`{"id":"t_`+skuE3+`","skuId":"`+skuE3+`","skuPartNumber":"SPE_E3","capabilityStatus":"Enabled","appliesTo":"User","consumedUnits":7,
		"prepaidUnits":{"enabled":10,"warning":1,"suspended":2},
		"servicePlans":[{"servicePlanId":"`+planTeams+`","servicePlanName":"TEAMS1"},{"servicePlanId":"`+planOffice+`","servicePlanName":"OFFICESUBSCRIPTION"}]}`,
		`{"id":"t_2","skuId":"22222222-0000-4000-8000-000000000000","skuPartNumber":"NEW_THING","consumedUnits":0,"prepaidUnits":{"enabled":0,"warning":0,"suspended":0,"lockedOut":3},"servicePlans":[]}`)
	grants := NewGrants(EmbeddedProducts())
	seats := mustCollect(t, SKUs(strings.NewReader(skus), testWho(t, "2026-11-01"), grants))
	if diff := cmp.Diff([][]any{
		{"SPE_E3", "Microsoft 365 E3", "paid", 10.0, 1.0, 2.0, nil, 7.0},
		{"NEW_THING", "NEW_THING", "unknown", 0.0, 0.0, 0.0, 3.0, 0.0},
	}, pick(seats["skus"], "sku_part_number", "product_name", "kind", "enabled_units", "warning_units", "suspended_units", "locked_out_units", "consumed_units")); diff != "" {
		t.Fatal(diff)
	}
	if diff := cmp.Diff([][]any{
		{"TEAMS1", []any{"teams_app", "microsoft_teams"}},
		{"OFFICESUBSCRIPTION", []any{"word", "excel", "powerpoint", "onenote"}},
	}, pick(seats["sku_plans"], "service_plan_name", "apps")); diff != "" {
		t.Fatal(diff)
	}

	const group = "99999999-0000-4000-8000-000000000009"
	users := page(
		// Directly without Teams, and whole through a group: the group's way grants Teams.
		`{`+anna+`,"userPrincipalName":"anna@x","assignedLicenses":[{"skuId":"`+strings.ToUpper(skuE3)+`","disabledPlans":[]}],"licenseAssignmentStates":[
			{"skuId":"`+skuE3+`","disabledPlans":["`+strings.ToUpper(planTeams)+`"],"assignedByGroup":null,"state":"Active","error":"None","lastUpdatedDateTime":"2026-10-01T12:00:00Z"},
			{"skuId":"`+skuE3+`","disabledPlans":[],"assignedByGroup":"`+group+`","state":"Active","error":"None"}]}`,
		// In error: nothing is granted.
		`{`+bert+`,"userPrincipalName":"bert@x","assignedLicenses":[],"licenseAssignmentStates":[
			{"skuId":"`+skuE3+`","disabledPlans":[],"assignedByGroup":"`+group+`","state":"Error","error":"CountViolation"}]}`,
		// Only assignedLicenses knows it: source unknown, and still granted.
		`{`+chloe+`,"userPrincipalName":"chloe@x","assignedLicenses":[{"skuId":"`+skuE3+`","disabledPlans":["`+planTeams+`"]}]}`)
	index := &UserIndex{}
	got := mustCollect(t, Users(strings.NewReader(users), testWho(t, "2026-11-01"), grants, nil, nobodyBefore, index))
	if diff := cmp.Diff([][]any{
		{1.0, skuE3, "direct", nil, "Active", nil, []any{planTeams}, "2026-10-01T12:00:00Z"},
		{1.0, skuE3, "group", group, "Active", nil, []any{}, nil},
		{2.0, skuE3, "group", group, "Error", "CountViolation", []any{}, nil},
		{3.0, skuE3, "unknown", nil, nil, nil, []any{planTeams}, nil},
	}, pick(got["license_assignments"], "user_key", "sku_id", "source", "assigned_by_group_id", "state", "error", "disabled_plans", "last_updated_at")); diff != "" {
		t.Fatal(diff)
	}
	office := []string{"word", "excel", "powerpoint", "onenote"}
	for key, want := range map[int][]string{1: {"word", "excel", "powerpoint", "onenote", "teams_app", "microsoft_teams"}, 2: {}, 3: office} {
		if diff := cmp.Diff(want, index.people[key].licensed.names()); diff != "" {
			t.Errorf("user %d: %s", key, diff)
		}
	}
}

// A SKU the tenant's own list lacks is granted by the published plans.
func TestGrantsFallBackToFacts(t *testing.T) {
	grants := NewGrants(EmbeddedProducts())
	if got := grants.apps(skuE3, nil); got&appNamed("exchange") == 0 || got&appNamed("word") == 0 {
		t.Errorf("Microsoft 365 E3 grants %v", got.names())
	}
	if got := grants.apps("00000000-0000-0000-0000-000000000001", nil); got != 0 {
		t.Errorf("an unknown SKU grants %v", got.names())
	}
}
