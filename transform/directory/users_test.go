package directory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/schemas/reports"
	"m365lake/transform/products"
	"m365lake/transform/transformtest"
	"m365lake/transform/userindex"
)

func TestUsersKeepTheirKeys(t *testing.T) {
	grants := NewGrants(products.Embedded())
	columns := []string{"user_key", "user_principal_name", "department", "first_seen", "last_seen", "deleted_at"}

	first := transformtest.Page(
		`{`+transformtest.Anna+`,"userPrincipalName":"Anna@x.example","department":"Sales"}`,
		`{`+transformtest.Bert+`,"userPrincipalName":"bert@x.example","department":""}`)
	dayOne := transformtest.MustCollect(
		t,
		Users(
			strings.NewReader(first),
			transformtest.Tenant(t, "2026-11-01"),
			grants,
			nil,
			nil,
			transformtest.NobodyBefore,
			&userindex.Index{},
		),
	)
	if diff := cmp.Diff([][]any{
		{1.0, "Anna@x.example", "Sales", "2026-11-01", "2026-11-01", nil},
		{2.0, "bert@x.example", nil, "2026-11-01", "2026-11-01", nil},
	}, transformtest.Pick(dayOne["users"], columns...)); diff != "" {
		t.Fatal(diff)
	}

	// Anna is gone, Bert has a new name, Chloe took Bert's old one; the listing comes in two pages
	// and repeats Bert.
	second := transformtest.Page(
		`{`+transformtest.Chloe+`,"userPrincipalName":"bert@x.example"}`,
		`{`+transformtest.Bert+`,"userPrincipalName":"albert@x.example"}`,
	) +
		transformtest.Page() + transformtest.Page(
		`{`+transformtest.Bert+`,"userPrincipalName":"albert@x.example"}`,
	)
	want := [][]any{
		{3.0, "bert@x.example", nil, "2026-11-02", "2026-11-02", nil},
		{2.0, "albert@x.example", nil, "2026-11-01", "2026-11-02", nil},
		{1.0, "Anna@x.example", "Sales", "2026-11-01", "2026-11-01", "2026-11-02"},
	}
	index := &userindex.Index{}
	dayTwo := transformtest.MustCollect(
		t,
		Users(
			strings.NewReader(second),
			transformtest.Tenant(t, "2026-11-02"),
			grants,
			nil,
			nil,
			transformtest.AsPrevious(t, dayOne["users"]),
			index,
		),
	)
	if diff := cmp.Diff(want, transformtest.Pick(dayTwo["users"], columns...)); diff != "" {
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
	again := transformtest.MustCollect(
		t,
		Users(
			strings.NewReader(second),
			transformtest.Tenant(t, "2026-11-02"),
			grants,
			nil,
			nil,
			transformtest.AsPrevious(t, dayTwo["users"]),
			&userindex.Index{},
		),
	)
	if diff := cmp.Diff(want, transformtest.Pick(again["users"], columns...)); diff != "" {
		t.Fatal(diff)
	}

	// Anna comes back.
	third := transformtest.Page(`{` + transformtest.Anna + `,"userPrincipalName":"anna@x.example"}`)
	dayThree := transformtest.MustCollect(
		t,
		Users(
			strings.NewReader(third),
			transformtest.Tenant(t, "2026-11-03"),
			grants,
			nil,
			nil,
			transformtest.AsPrevious(t, dayTwo["users"]),
			&userindex.Index{},
		),
	)
	if diff := cmp.Diff([]any{1.0, "anna@x.example", nil, "2026-11-01", "2026-11-03", nil},
		transformtest.Pick(dayThree["users"], columns...)[0]); diff != "" {
		t.Fatal(diff)
	}
}

func TestUsersRefuse(t *testing.T) {
	for name, test := range map[string]struct{ raw, want string }{
		"nobody":  {transformtest.Page(), "Graph listed nobody"},
		"no name": {transformtest.Page(`{` + transformtest.Anna + `}`), "has no userPrincipalName"},
		"no GUID": {transformtest.Page(`{"id":"7","userPrincipalName":"x"}`), `user id "7" is not a GUID`},
		"two of a name": {transformtest.Page(`{`+transformtest.Anna+`,"userPrincipalName":"x@y"}`, `{`+transformtest.Bert+
			`,"userPrincipalName":"X@y"}`), "two users are called X@y"},
		"cut off": {`{"value":[{` + transformtest.Anna + `,"userPrincipalName":"x@y"},{"id":`,
			"users: value 2 at byte"},
		"not an object":  {`[1]`, "a page begins with"},
		"wrong type":     {transformtest.Page(`{"id":7}`), "users: value 1"},
		"empty raw file": {"", "Graph listed nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := transformtest.Collect(
				Users(
					strings.NewReader(test.raw),
					transformtest.Tenant(t, "2026-11-01"),
					NewGrants(products.Embedded()),
					nil,
					nil,
					transformtest.NobodyBefore,
					&userindex.Index{},
				),
			)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v; want %s", err, test.want)
			}
		})
	}
}

func TestLicenseAssignments(t *testing.T) {
	skus := transformtest.Page(
		`{"id":"t_`+transformtest.SkuE3+`","skuId":"`+transformtest.SkuE3+
			`","skuPartNumber":"SPE_E3","capabilityStatus":"Enabled","appliesTo":"User","consumedUnits":7,
		"prepaidUnits":{"enabled":10,"warning":1,"suspended":2},
		"servicePlans":[{"servicePlanId":"`+transformtest.PlanTeams+`","servicePlanName":"TEAMS1"},{"servicePlanId":"`+
			transformtest.PlanOffice+`","servicePlanName":"OFFICESUBSCRIPTION"}]}`,
		`{"id":"t_2","skuId":"22222222-0000-4000-8000-000000000000","skuPartNumber":"NEW_THING","consumedUnits":0,`+
			`"prepaidUnits":{"enabled":0,"warning":0,"suspended":0,"lockedOut":3},"servicePlans":[]}`,
	)
	grants := NewGrants(products.Embedded())
	seats := transformtest.MustCollect(t, SKUs(strings.NewReader(skus), transformtest.Tenant(t, "2026-11-01"), grants))
	if diff := cmp.Diff([][]any{
		{"SPE_E3", "Microsoft 365 E3", "paid", 10.0, 1.0, 2.0, nil, 7.0},
		{"NEW_THING", "NEW_THING", "unknown", 0.0, 0.0, 0.0, 3.0, 0.0},
	}, transformtest.Pick(seats["skus"], "sku_part_number", "product_name", "kind", "enabled_units",
		"warning_units", "suspended_units", "locked_out_units", "consumed_units")); diff != "" {
		t.Fatal(diff)
	}
	if diff := cmp.Diff([][]any{
		{"TEAMS1", []any{"teams_app", "microsoft_teams"}},
		{"OFFICESUBSCRIPTION", []any{"word", "excel", "powerpoint", "onenote"}},
	}, transformtest.Pick(seats["sku_plans"], "service_plan_name", "apps")); diff != "" {
		t.Fatal(diff)
	}

	const group = "99999999-0000-4000-8000-000000000009"
	users := transformtest.Page(
		// Directly without Teams, and whole through a group: the group's way grants Teams.
		`{`+transformtest.Anna+`,"userPrincipalName":"anna@x","assignedLicenses":[{"skuId":"`+strings.ToUpper(
			transformtest.SkuE3,
		)+`","disabledPlans":[]}],"licenseAssignmentStates":[
			{"skuId":"`+transformtest.SkuE3+`","disabledPlans":["`+strings.ToUpper(
			transformtest.PlanTeams,
		)+`"],"assignedByGroup":null,"state":"Active","error":"None","lastUpdatedDateTime":"2026-10-01T12:00:00Z"},
			{"skuId":"`+transformtest.SkuE3+`","disabledPlans":[],"assignedByGroup":"`+group+
			`","state":"Active","error":"None"}]}`,
		// In error: nothing is granted.
		`{`+transformtest.Bert+`,"userPrincipalName":"bert@x","assignedLicenses":[],"licenseAssignmentStates":[
			{"skuId":"`+transformtest.SkuE3+`","disabledPlans":[],"assignedByGroup":"`+group+
			`","state":"Error","error":"CountViolation"}]}`,
		// Only assignedLicenses knows it: source unknown, and still granted.
		`{`+transformtest.Chloe+`,"userPrincipalName":"chloe@x","assignedLicenses":[{"skuId":"`+transformtest.SkuE3+
			`","disabledPlans":["`+transformtest.PlanTeams+`"]}]}`,
	)
	index := &userindex.Index{}
	got := transformtest.MustCollect(
		t,
		Users(
			strings.NewReader(users),
			transformtest.Tenant(t, "2026-11-01"),
			grants,
			nil,
			nil,
			transformtest.NobodyBefore,
			index,
		),
	)
	if diff := cmp.Diff([][]any{
		{1.0, transformtest.SkuE3, "direct", nil, "Active", nil, []any{transformtest.PlanTeams}, "2026-10-01T12:00:00Z"},
		{1.0, transformtest.SkuE3, "group", group, "Active", nil, []any{}, nil},
		{2.0, transformtest.SkuE3, "group", group, "Error", "CountViolation", []any{}, nil},
		{3.0, transformtest.SkuE3, "unknown", nil, nil, nil, []any{transformtest.PlanTeams}, nil},
	}, transformtest.Pick(got["license_assignments"], "user_key", "sku_id", "source", "assigned_by_group_id",
		"state", "error", "disabled_plans", "last_updated_at")); diff != "" {
		t.Fatal(diff)
	}
	office := []string{"word", "excel", "powerpoint", "onenote"}
	for key, want := range map[int][]string{1: {"word", "excel", "powerpoint", "onenote", "teams_app",
		"microsoft_teams"}, 2: {}, 3: office} {
		if diff := cmp.Diff(want, index.People[key].Licensed.Names()); diff != "" {
			t.Errorf("user %d: %s", key, diff)
		}
	}
}

// A SKU the tenant's own list lacks is granted by the published plans.
func TestGrantsFallBackToFacts(t *testing.T) {
	grants := NewGrants(products.Embedded())
	if got := grants.apps(transformtest.SkuE3, nil); got&reports.AppNamed("exchange") == 0 ||
		got&reports.AppNamed("word") == 0 {
		t.Errorf("Microsoft 365 E3 grants %v", got.Names())
	}
	if got := grants.apps("00000000-0000-0000-0000-000000000001", nil); got != 0 {
		t.Errorf("an unknown SKU grants %v", got.Names())
	}
}
