package directory

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/transform/products"
	"m365lake/transform/transformtest"
	"m365lake/transform/userindex"
)

const aGroup = "99999999-0000-4000-8000-000000000009"

// listedUsers is the index of a directory that lists these users, keys from 1 on.
func listedUsers(t *testing.T, users ...string) *userindex.Index {
	t.Helper()
	index := &userindex.Index{}
	transformtest.MustCollect(
		t,
		Users(
			strings.NewReader(transformtest.Page(users...)),
			transformtest.Tenant(t, "2026-11-01"),
			NewGrants(products.Embedded()),
			nil,
			nil,
			transformtest.NobodyBefore,
			index,
		),
	)
	return index
}

func TestManagers(t *testing.T) {
	var lake lakeOfDays
	managed := func(by string) string {
		return someUser(transformtest.Anna, "anna@x", `,"manager":{"@odata.type":"#microsoft.graph.user",`+by+`}`)
	}
	// Bert is listed after Anna, whom he leads.
	lake.run(
		t,
		"2026-11-01",
		managed(`"id":"BBBBBBBB-0000-4000-8000-000000000002"`),
		someUser(transformtest.Bert, "bert@x", ""),
		someUser(transformtest.Chloe, "chloe@x", ""),
	)
	if diff := cmp.Diff([][]any{{"bbbbbbbb-0000-4000-8000-000000000002"}, {nil}, {nil}},
		transformtest.Pick(lake.users, "manager_id")); diff != "" {
		t.Fatal(diff)
	}
	lake.run(
		t,
		"2026-11-02",
		managed(transformtest.Chloe),
		someUser(transformtest.Bert, "bert@x", ""),
		someUser(transformtest.Chloe, "chloe@x", ""),
	)
	lake.run(
		t,
		"2026-11-03",
		managed(`"id":"dddddddd-0000-4000-8000-000000000004"`),
		someUser(transformtest.Bert, "bert@x", ""),
		someUser(transformtest.Chloe, "chloe@x", ""),
	)
	if diff := cmp.Diff([][]any{
		{1.0, "2026-11-01", "2026-11-02", 2.0},
		{1.0, "2026-11-02", "2026-11-03", 3.0},
		{1.0, "2026-11-03", nil, nil}, // a contact
		{2.0, "2026-11-01", nil, nil},
		{3.0, "2026-11-01", nil, nil},
	}, versions(lake.userHistory, "user_key", "valid_from", "valid_to", "manager_user_key")); diff != "" {
		t.Fatal(diff)
	}
}

func TestDeletedUsers(t *testing.T) {
	grants := NewGrants(products.Embedded())
	run := func(day string, deleted Deleted, before transformtest.Tables, users ...string) transformtest.Tables {
		t.Helper()
		return transformtest.MustCollect(
			t,
			Users(
				strings.NewReader(transformtest.Page(users...)),
				transformtest.Tenant(t, day),
				grants,
				deleted,
				nil,
				transformtest.AsPrevious(t, before["users"]),
				&userindex.Index{},
			),
		)
	}
	want := func(got transformtest.Tables, want ...any) {
		t.Helper()
		for i, row := range transformtest.Pick(got["users"], "user_key", "deleted_at") {
			if diff := cmp.Diff([]any{float64(i + 1), want[i]}, row); diff != "" {
				t.Fatal(diff)
			}
		}
	}
	first := run(
		"2026-11-01",
		nil,
		nil,
		someUser(transformtest.Anna, "anna@x", ""),
		someUser(transformtest.Bert, "bert@x", ""),
		someUser(transformtest.Chloe, "chloe@x", ""),
	)
	// Bert and Chloe are gone, and nobody says since when.
	second := run("2026-11-05", nil, first, someUser(transformtest.Anna, "anna@x", ""))
	want(second, nil, "2026-11-05", "2026-11-05")
	// Now the directory does for Bert, whose id it writes in capitals; Dora was never seen.
	deleted, err := DeletedUsers(strings.NewReader(transformtest.Page(
		`{"id":"BBBBBBBB-0000-4000-8000-000000000002","userPrincipalName":"bbbbbbbb000040008000000000000002bert@x",`+
			`"deletedDateTime":"2026-11-03T23:30:00Z"}`,
		`{"id":"dddddddd-0000-4000-8000-000000000004","deletedDateTime":"2026-11-03T00:00:00Z"}`,
		`{`+transformtest.Chloe+`,"deletedDateTime":null}`,
	)))
	if err != nil {
		t.Fatal(err)
	}
	third := run("2026-11-06", deleted, second, someUser(transformtest.Anna, "anna@x", ""))
	want(third, nil, "2026-11-03", "2026-11-05")
	// The day stays when the directory has forgotten it, and goes when Bert is restored.
	want(run("2026-12-20", nil, third, someUser(transformtest.Anna, "anna@x", "")), nil, "2026-11-03", "2026-11-05")
	want(
		run(
			"2026-11-07",
			nil,
			third,
			someUser(transformtest.Anna, "anna@x", ""),
			someUser(transformtest.Bert, "bert@x", ""),
		),
		nil,
		nil,
		"2026-11-05",
	)
	if _, err := DeletedUsers(strings.NewReader(`[`)); err == nil || !strings.Contains(err.Error(), "deleted_users") {
		t.Error(err)
	}
}

func TestLicenseGroups(t *testing.T) {
	raw := transformtest.Page(
		`{"id":"`+aGroup+`","displayName":"Office","assignedLicenses":[{"skuId":"`+strings.ToUpper(
			transformtest.SkuE3,
		)+`","disabledPlans":[]}],
			"licenseProcessingState":{"state":"ProcessingComplete"},"groupTypes":["DynamicMembership"],
			"securityEnabled":true,"onPremisesSyncEnabled":null,"membershipRule":"user.country -eq \"CH\""}`,
	) +
		transformtest.Page(
			`{"id":"g2","displayName":null,"assignedLicenses":[],"licenseProcessingState":null,"groupTypes":[],`+
				`"onPremisesSyncEnabled":true,"membershipRule":""}`,
			`{"id":"`+aGroup+`"}`,
		)
	got := transformtest.MustCollect(
		t,
		LicenseGroups(strings.NewReader(raw), transformtest.Tenant(t, "2026-11-01"), false),
	)
	if diff := cmp.Diff([][]any{
		{aGroup, "Office", []any{transformtest.SkuE3}, true, `user.country -eq "CH"`, true, nil,
			"ProcessingComplete", "2026-11-01"},
		{"g2", nil, []any{}, false, nil, nil, true, nil, "2026-11-01"},
	}, transformtest.Pick(got["license_groups"], "group_id", "display_name", "sku_ids", "dynamic",
		"membership_rule", "security_enabled", "on_premises_sync_enabled", "processing_state", "snapshot_date")); diff != "" {
		t.Fatal(diff)
	}
	// Of all groups only those with licences.
	got = transformtest.MustCollect(
		t,
		LicenseGroups(strings.NewReader(raw), transformtest.Tenant(t, "2026-11-01"), true),
	)
	if diff := cmp.Diff([][]any{{aGroup}}, transformtest.Pick(got["license_groups"], "group_id")); diff != "" {
		t.Error(diff)
	}
}

func TestUserRoles(t *testing.T) {
	const admin, custom, robot = "62e90394-69f5-4237-9190-012177145e10", "c0000000-0000-4000-8000-00000000000c",
		"eeeeeeee-0000-4000-8000-000000000005"
	users := []string{someUser(transformtest.Anna, "anna@x", ""), someUser(transformtest.Bert, "bert@x", "")}
	index := listedUsers(t, users...)
	roles, err := RoleDefinitions(
		strings.NewReader(
			transformtest.Page(
				`{"id":"` + admin + `","displayName":"Global Administrator","isBuiltIn":true,"rolePermissions":[]}`,
			),
		),
	)
	if err != nil {
		t.Fatal(err)
	}
	assignment := func(principal, role, scope string) string {
		return `{"id":"x","principalId":"` + principal + `","roleDefinitionId":"` + role + `","directoryScopeId":` + scope +
			`}`
	}
	raw := transformtest.Page(
		assignment("AAAAAAAA-0000-4000-8000-000000000001", admin, `"/"`),
		assignment(aGroup, admin, `"/"`), assignment(aGroup, custom, `"/administrativeUnits/u1"`),
		assignment(robot, admin, `"/"`)) +
		transformtest.Page(
			assignment("aaaaaaaa-0000-4000-8000-000000000001", admin, `"/"`),
			`{"principalId":"bbbbbbbb-0000-4000-8000-000000000002","roleDefinitionId":"`+custom+
				`","directoryScopeId":null,"appScopeId":"/catalog"}`,
		)
	holders, err := RoleHolders(strings.NewReader(raw), strings.NewReader(transformtest.Page(users...)))
	if diff := cmp.Diff([]string{aGroup, robot}, holders); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	opened := map[string]int{}
	members := func(principal string) (io.ReadCloser, error) {
		opened[principal]++
		if principal != aGroup {
			return nil, nil
		}
		return io.NopCloser(
			strings.NewReader(
				transformtest.Page(
					`{`+transformtest.Anna+`}`,
					`{`+transformtest.Bert+`}`,
					`{`+transformtest.Chloe+`}`,
					`{`+transformtest.Bert+`}`,
				),
			),
		), nil
	}
	got := transformtest.MustCollect(
		t,
		UserRoles(strings.NewReader(raw), transformtest.Tenant(t, "2026-11-01"), index, roles, members),
	)
	if diff := cmp.Diff([][]any{
		{1.0, admin, "Global Administrator", true, "/", nil, "2026-11-01"},
		{1.0, admin, "Global Administrator", true, "/", aGroup, "2026-11-01"},
		{2.0, admin, "Global Administrator", true, "/", aGroup, "2026-11-01"},
		{1.0, custom, nil, nil, "/administrativeUnits/u1", aGroup, "2026-11-01"},
		{2.0, custom, nil, nil, "/administrativeUnits/u1", aGroup, "2026-11-01"},
		{2.0, custom, nil, nil, "/catalog", nil, "2026-11-01"},
	}, transformtest.Pick(got["user_roles"], "user_key", "role_id", "role_name", "built_in", "scope",
		"through_group_id", "snapshot_date")); diff != "" {
		t.Fatal(diff)
	}
	if opened[aGroup] != 1 || opened[robot] != 1 {
		t.Errorf("opened %v", opened)
	}
	// Members that could not be read leave the earlier roles.
	refused := func(string) (io.ReadCloser, error) { return nil, errors.New("403") }
	if _, err := transformtest.Collect(UserRoles(strings.NewReader(raw), transformtest.Tenant(t,
		"2026-11-01"), index, roles, refused)); err == nil ||
		!strings.Contains(err.Error(), "group "+aGroup+" could not be read, the earlier roles are kept: 403") {
		t.Error(err)
	}
	if holders, err := RoleHolders(strings.NewReader(transformtest.Page()), strings.NewReader("[")); len(
		holders,
	) != 0 ||
		err != nil {
		t.Error(holders, err)
	}
}

func TestSignIns(t *testing.T) {
	index := listedUsers(t, someUser(transformtest.Anna, "anna@x", ""), someUser(transformtest.Bert, "bert@x", ""))
	raw := transformtest.Page(
		`{`+transformtest.Anna+`,"signInActivity":{"lastSignInDateTime":"2026-10-30T08:00:00Z","lastSignInRequestId":"r",`+
			`"lastNonInteractiveSignInDateTime":null,"lastSuccessfulSignInDateTime":"2026-10-29T08:00:00Z"}}`,
	) +
		transformtest.Page(
			`{`+transformtest.Bert+`}`,
			`{`+transformtest.Chloe+`,"signInActivity":null}`,
			`{`+transformtest.Anna+`}`,
		)
	got := transformtest.MustCollect(t, SignIns(strings.NewReader(raw), transformtest.Tenant(t, "2026-11-01"), index))
	if diff := cmp.Diff([][]any{
		{"2026-11-01", 1.0, "2026-10-30T08:00:00Z", nil, "2026-10-29T08:00:00Z"},
		{"2026-11-01", 2.0, nil, nil, nil},
	}, transformtest.Pick(got["sign_ins"], "snapshot_date", "user_key", "last_sign_in_at",
		"last_non_interactive_sign_in_at", "last_successful_sign_in_at")); diff != "" {
		t.Fatal(diff)
	}
}

func TestReportSettings(t *testing.T) {
	yes, no := true, false
	for raw, want := range map[string]*bool{
		`{"@odata.context":"x","displayConcealedNames":true}` + "\n": &yes,
		`{"@odata.context":"x","value":{"@odata.type":"#microsoft.graph.adminReportSettings",` +
			`"displayConcealedNames":false}}`: &no,

		`{"@odata.context":"x"}`: nil,
	} {
		got, err := ReportSettings(strings.NewReader(raw))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %s %v", raw, diff, err)
		}
	}
	if _, err := ReportSettings(strings.NewReader(`{"value":7}`)); err == nil ||
		!strings.Contains(err.Error(), "report_settings") {
		t.Error(err)
	}
	organization := transformtest.Page(`{"id":"` + transformtest.TenantID + `"}`)
	got := transformtest.MustCollect(
		t,
		Organization(strings.NewReader(organization), transformtest.Tenant(t, "2026-11-01"), &yes),
	)
	if diff := cmp.Diff([][]any{{true}}, transformtest.Pick(got["organizations"], "concealed_names")); diff != "" {
		t.Error(diff)
	}
}
