package directory

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"m365lake/schemas"
	"m365lake/transform/products"
	"m365lake/transform/transformtest"
	"m365lake/transform/userindex"
)

const otherGroup = "88888888-0000-4000-8000-000000000008"

// A lakeOfDays is what a tenant's lake holds from run to run.
type lakeOfDays struct{ users, userHistory, licenseHistory []map[string]any }

// run is one run day whose directory lists the given users.
func (l *lakeOfDays) run(t *testing.T, day string, users ...string) {
	t.Helper()
	who := transformtest.Tenant(t, day)
	index := &userindex.Index{}
	grants := NewGrants(products.Embedded())
	now := transformtest.MustCollect(
		t,
		Users(
			strings.NewReader(transformtest.Page(users...)),
			who,
			grants,
			nil,
			nil,
			transformtest.AsPrevious(t, l.users),
			index,
		),
	)
	l.users = now["users"]
	l.userHistory = transformtest.MustCollect(t, UserHistory(who, index, transformtest.AsPrevious(t, l.users),
		transformtest.AsStored(t, &schemas.UserHistory, l.userHistory)))["user_history"]
	l.licenseHistory = transformtest.MustCollect(t, LicenseHistory(who,
		transformtest.AsStored(t, &schemas.LicenseAssignments, now["license_assignments"]),
		transformtest.AsStored(t, &schemas.LicenseHistory, l.licenseHistory)))["license_history"]
}

// versions are the rows of a history, in order.
func versions(rows []map[string]any, columns ...string) [][]any {
	picked := transformtest.Pick(rows, columns...)
	slices.SortFunc(picked, func(a, b []any) int { return cmp.Compare(fmt.Sprint(a...), fmt.Sprint(b...)) })
	return picked
}

func someUser(id, name, rest string) string {
	return `{` + id + `,"userPrincipalName":"` + name + `","accountEnabled":true,"userType":"Member"` + rest + `}`
}

func (l *lakeOfDays) wantUsers(t *testing.T, want ...[]any) {
	t.Helper()
	got := versions(
		l.userHistory,
		"user_key",
		"valid_from",
		"valid_to",
		"user_principal_name",
		"department",
		"account_enabled",
	)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
}

func TestUserHistory(t *testing.T) {
	var lake lakeOfDays
	lake.run(
		t,
		"2026-11-01",
		someUser(transformtest.Anna, "anna@x", `,"department":"Sales"`),
		someUser(transformtest.Bert, "bert@x", ""),
	)
	lake.wantUsers(t,
		[]any{1.0, "2026-11-01", nil, "anna@x", "Sales", true},
		[]any{2.0, "2026-11-01", nil, "bert@x", nil, true})

	// Nothing but an untracked column changed: no new version.
	lake.run(
		t,
		"2026-11-02",
		someUser(transformtest.Anna, "anna@x", `,"department":"Sales","city":"Bern"`),
		someUser(transformtest.Bert, "bert@x", ""),
	)
	lake.wantUsers(t,
		[]any{1.0, "2026-11-01", nil, "anna@x", "Sales", true},
		[]any{2.0, "2026-11-01", nil, "bert@x", nil, true})

	// After skipped days Anna has another department, Bert another name, Chloe came.
	lake.run(
		t,
		"2026-11-05",
		someUser(transformtest.Anna, "anna@x", `,"department":"Support"`),
		someUser(transformtest.Bert, "albert@x", ""),
		someUser(transformtest.Chloe, "chloe@x", ""),
	)
	changed := [][]any{
		{1.0, "2026-11-01", "2026-11-05", "anna@x", "Sales", true},
		{1.0, "2026-11-05", nil, "anna@x", "Support", true},
		{2.0, "2026-11-01", "2026-11-05", "bert@x", nil, true},
		{2.0, "2026-11-05", nil, "albert@x", nil, true},
		{3.0, "2026-11-05", nil, "chloe@x", nil, true},
	}
	lake.wantUsers(t, changed...)

	// The same day again with the same directory changes nothing.
	lake.run(
		t,
		"2026-11-05",
		someUser(transformtest.Anna, "anna@x", `,"department":"Support"`),
		someUser(transformtest.Bert, "albert@x", ""),
		someUser(transformtest.Chloe, "chloe@x", ""),
	)
	lake.wantUsers(t, changed...)

	// The same day with another one takes the day's versions back: Anna is in Sales after all, Bert
	// is called something else again, and Chloe never was.
	lake.run(
		t,
		"2026-11-05",
		someUser(transformtest.Anna, "anna@x", `,"department":"Sales"`),
		someUser(transformtest.Bert, "robert@x", ""),
	)
	lake.wantUsers(t,
		[]any{1.0, "2026-11-01", nil, "anna@x", "Sales", true},
		[]any{2.0, "2026-11-01", "2026-11-05", "bert@x", nil, true},
		[]any{2.0, "2026-11-05", nil, "robert@x", nil, true})

	// Anna leaves, Bert is disabled; then Anna returns as she was.
	lake.run(t, "2026-11-06", strings.Replace(someUser(transformtest.Bert, "robert@x", ""), "true", "false", 1))
	lake.run(t, "2026-11-07", strings.Replace(someUser(transformtest.Bert, "robert@x", ""), "true", "false", 1))
	lake.run(
		t,
		"2026-11-09",
		someUser(transformtest.Anna, "anna@x", `,"department":"Sales"`),
		someUser(transformtest.Bert, "robert@x", ""),
	)
	lake.wantUsers(t,
		[]any{1.0, "2026-11-01", "2026-11-06", "anna@x", "Sales", true},
		[]any{1.0, "2026-11-09", nil, "anna@x", "Sales", true},
		[]any{2.0, "2026-11-01", "2026-11-05", "bert@x", nil, true},
		[]any{2.0, "2026-11-05", "2026-11-06", "robert@x", nil, true},
		[]any{2.0, "2026-11-06", "2026-11-09", "robert@x", nil, false},
		[]any{2.0, "2026-11-09", nil, "robert@x", nil, true})
}

func TestLicenseHistory(t *testing.T) {
	const group = "99999999-0000-4000-8000-000000000009"
	licensed := func(states ...string) string {
		return someUser(transformtest.Anna, "anna@x", `,"licenseAssignmentStates":[`+strings.Join(states, ",")+`]`)
	}
	state := func(by, state, plan string) string {
		if by != "null" {
			by = `"` + by + `"`
		}
		return `{"skuId":"` + transformtest.SkuE3 + `","assignedByGroup":` + by + `,"state":"` + state +
			`","error":"None","disabledPlans":[` + plan + `],"lastUpdatedDateTime":null}`
	}
	var lake lakeOfDays
	want := func(want ...[]any) {
		t.Helper()
		got := versions(
			lake.licenseHistory,
			"valid_from",
			"valid_to",
			"source",
			"assigned_by_group_id",
			"state",
			"disabled_plans",
		)
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
	lake.run(t, "2026-11-01", licensed())
	if len(lake.licenseHistory) != 0 {
		t.Fatal(lake.licenseHistory)
	}
	lake.run(t, "2026-11-02", licensed(state("null", "Active", "")))
	lake.run(t, "2026-11-03", licensed(state("null", "Active", "")))
	want([]any{"2026-11-02", nil, "direct", nil, "Active", []any{}})

	// Teams is switched off, and then the licence moves to a group that fails first.
	lake.run(t, "2026-11-04", licensed(state("null", "Active", `"`+transformtest.PlanTeams+`"`)))
	lake.run(
		t,
		"2026-11-05",
		licensed(state("null", "Active", `"`+transformtest.PlanTeams+`"`), state(group, "Error", "")),
	)
	lake.run(t, "2026-11-06", licensed(state(group, "Active", ""), state(otherGroup, "Active", "")))
	moved := [][]any{
		{"2026-11-02", "2026-11-04", "direct", nil, "Active", []any{}},
		{"2026-11-04", "2026-11-06", "direct", nil, "Active", []any{transformtest.PlanTeams}},
		{"2026-11-05", "2026-11-06", "group", group, "Error", []any{}},
		{"2026-11-06", nil, "group", otherGroup, "Active", []any{}},
		{"2026-11-06", nil, "group", group, "Active", []any{}},
	}
	want(moved...)
	lake.run(t, "2026-11-06", licensed(state(group, "Active", ""), state(otherGroup, "Active", "")))
	want(moved...)

	// Anna leaves with all her licences.
	lake.run(t, "2026-11-10", someUser(transformtest.Bert, "bert@x", ""))
	moved[3][1], moved[4][1] = "2026-11-10", "2026-11-10"
	want(moved...)
}

// A reader of batches that stops early, and a lake that cannot be read, end the history.
func TestHistoryEndsEarly(t *testing.T) {
	var lake lakeOfDays
	lake.run(t, "2026-11-01", someUser(transformtest.Anna, "anna@x", ""))
	who := transformtest.Tenant(t, "2026-11-02")
	for range UserHistory(who, &userindex.Index{}, transformtest.AsPrevious(t, lake.users),
		transformtest.AsStored(t, &schemas.UserHistory, lake.userHistory)) {
		break
	}
	_, err := transformtest.Collect(
		UserHistory(who, &userindex.Index{}, transformtest.AsPrevious(t, lake.users), transformtest.Unreadable),
	)
	if err == nil || err.Error() != "user_history: unreadable" {
		t.Fatal(err)
	}
}

// Whatever happens, with days skipped and days run again, the history is what the last run of each
// day says.
func TestHistoryEqualsTheDays(t *testing.T) {
	random := rand.New(rand.NewPCG(30, 1))
	states := []any{"Active", "Error", nil}
	var stored []map[string]any
	type runDay struct {
		day   string
		state map[int]any // by user_key
	}
	var days []runDay
	day := mustDate(t, "2026-01-30")
	for range 120 {
		if random.IntN(3) > 0 || len(days) == 0 { // else the same day again
			day = day.AddDate(0, 0, 1+random.IntN(3))
			days = append(days, runDay{})
		}
		text := day.Format(time.DateOnly)
		held := map[int]any{}
		rows := []map[string]any{}
		for user := 1; user <= 4; user++ {
			if random.IntN(3) > 0 {
				held[user] = states[random.IntN(len(states))]
				rows = append(
					rows,
					map[string]any{
						"tenant_id":      transformtest.TenantID,
						"user_key":       user,
						"sku_id":         transformtest.SkuE3,
						"source":         "direct",
						"state":          held[user],
						"disabled_plans": []string{},
						"snapshot_date":  text,
					},
				)
			}
		}
		days[len(days)-1] = runDay{text, held}
		stored = transformtest.MustCollect(t, LicenseHistory(transformtest.Tenant(t, text),
			transformtest.AsStored(t, &schemas.LicenseAssignments, rows),
			transformtest.AsStored(t, &schemas.LicenseHistory, stored)))["license_history"]

		var want [][]any
		for user := 1; user <= 4; user++ {
			last := -1 // the open version, by its place in want
			for _, d := range days {
				state, holds := d.state[user]
				if last >= 0 && (!holds || state != want[last][3]) {
					want[last][2], last = d.day, -1
				}
				if holds && last < 0 {
					last = len(want)
					want = append(want, []any{float64(user), d.day, nil, state})
				}
			}
		}
		if diff := gocmp.Diff(want, versions(stored, "user_key", "valid_from", "valid_to", "state")); diff != "" {
			t.Fatalf("%s: %s", text, diff)
		}
	}
}

func mustDate(t *testing.T, text string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}
