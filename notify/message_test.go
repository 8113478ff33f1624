package notify

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testRun is a run over two tenants, of which one failed.
func testRun() Run {
	begin := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	return Run{
		ID: "id", Day: begin.Truncate(24 * time.Hour), Started: begin, Ended: begin.Add(90 * time.Second),
		Version: "v1", ExitCode: 1, Outcome: WithGaps, Published: true,
		Tenants: []Tenant{
			{Name: "north", ID: "n", Requests: 84, Failures: 3, Gaps: []Gap{
				{"copilot_usage_user_detail D7 D30", "failed"}, {"user_roles", "failed"}}},
			{Name: `so"uth`, ID: "s", Failed: true},
		},
		Totals: testTotals,
		NamedUsers: []ReclaimableUser{
			{"s", "c@south.example", "inactive", "E3"}, {"n", "b@north.example", "inactive", "E5"},
			{"n", "d@north.example", "inactive", "E3"}},
	}
}

func number(n int64) sql.NullInt64 { return sql.NullInt64{Int64: n, Valid: true} }

var testTotals = []Totals{
	{
		TenantID: "n", Tenant: "north", Users: 439, Active: number(359), Licensed: number(400),
		ReportDate: sql.NullTime{Time: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Valid: true},
		Bought:     number(512), Assigned: number(480), Idle: number(86), IdleWithoutPrice: 3,
		MonthlyIdleCost: sql.NullFloat64{Float64: 1234.5, Valid: true},
		Currency:        sql.NullString{String: "EUR", Valid: true},
	},
	{TenantID: "s", Tenant: `so"uth`, Users: 1},
}

// Gaps are told without their details, a failed tenant without its numbers.
func TestMessage(t *testing.T) {
	r := testRun()
	want := Message{
		Title: "m365lake 2026-11-23: published, but 1 of 2 tenants failed",
		Text: `north: 439 users; 359 of 400 licensed were active in the 30 days to 2026-11-21
north: 480 paid licences assigned of 512 bought; 86 idle, 1234.50 EUR a month (3 without a price)
north: 2 gaps: copilot_usage_user_detail D7 D30 failed; user_roles failed
so"uth: failed, the last numbers stay; the log says why
north: b@north.example (inactive): E5
Took 1m30s, exit code 1, run id.
`}
	if diff := cmp.Diff(want, NewMessage(r, 1)); diff != "" {
		t.Error(diff)
	}
	if !raisesAlarm(r) {
		t.Error("a tenant without anything new is no failure of the health check")
	}
	if got := NewMessage(r, 0).Text; strings.Contains(got, "@") {
		t.Errorf("people are named whom nobody asked for: %s", got)
	}

	r.Tenants = r.Tenants[:1]
	if got := headline(r); got != "published with 2 gaps" || raisesAlarm(r) {
		t.Errorf("%s, failed %v", got, raisesAlarm(r))
	}

	r.ExitCode, r.Outcome, r.Published = 3, Failed, false
	r.Tenants[0].Failed, r.Tenants[0].Cause = true, "sign-in: 401 invalid_client AADSTS7000215"
	want = Message{
		Title: "m365lake 2026-11-23: nothing published",
		Text: `north: failed, the last numbers stay; sign-in: 401 invalid_client AADSTS7000215
The last warehouse stays as it is. The log says why.
Took 1m30s, exit code 3, run id.
`}
	if diff := cmp.Diff(want, NewMessage(r, 0)); diff != "" {
		t.Error(diff)
	}
	r.Outcome = Interrupted
	if got := headline(r); got != "interrupted" || !raisesAlarm(r) {
		t.Errorf("%s, failed %v", got, raisesAlarm(r))
	}
}

// What nobody measured is said so, and is not 0.
func TestMessageWithoutMeasurements(t *testing.T) {
	if got := totalsText(testTotals[1]); got != "so\"uth: 1 user; activity is not measured yet\n" {
		t.Errorf("%q", got)
	}
}

// Many gaps are counted, not listed.
func TestGapsText(t *testing.T) {
	var gaps []Gap
	for _, source := range strings.Split("abcdefghijklm", "") {
		gaps = append(gaps, Gap{source, "failed"})
	}
	const want = "13 gaps: a failed; b failed; c failed; d failed; e failed; f failed; g failed; h failed; " +
		"i failed; j failed; and 3 more"
	if got := gapsText(gaps); got != want {
		t.Error(got)
	}
}
