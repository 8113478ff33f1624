package main

import (
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"m365lake/graph"
	"m365lake/notify"
	"m365lake/pipeline/datafolder"
)

// testReport is the report of a run over two tenants, of which one failed.
func testReport() *runReport {
	begin := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	return &runReport{
		id: "id", day: begin.Truncate(24 * time.Hour), started: begin, ended: begin.Add(90 * time.Second), code: exitGaps,
		log: slog.New(slog.DiscardHandler),
		summary: runSummary{Warehouse: "w", Tenants: []tenantSummary{
			{Tenant: "north", TenantID: "n", Requests: 84, Failures: []failure{
				{"copilot_usage_user_detail_D7", "failed", "for anna@north.example"},
				{"copilot_usage_user_detail_D30", "failed", "for anna@north.example"},
				{"user_roles", "failed", "refused"},
			}},
			{Tenant: `so"uth`, TenantID: "s", Err: errors.New("a row of anna@south.example")},
		}},
	}
}

func number(n int64) sql.NullInt64 { return sql.NullInt64{Int64: n, Valid: true} }

var testTotals = []tenantTotals{
	{
		TenantID: "n", Tenant: "north", Users: 439, Active: number(359), Licensed: number(400),
		ReportDate: sql.NullTime{Time: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Valid: true},
		Bought:     number(512), Assigned: number(480), Idle: number(86), IdleWithoutPrice: 3,
		MonthlyIdleCost: sql.NullFloat64{Float64: 1234.5, Valid: true}, Currency: sql.NullString{String: "EUR", Valid: true},
	},
	{TenantID: "s", Tenant: `so"uth`, Users: 1},
}

// Gaps are told without their details, a failed tenant without its numbers and its error's text.
func TestMessage(t *testing.T) {
	r := testReport()
	r.config.Notify.NamedUsers = 1
	named := []reclaimableUser{{"s", "c@south.example", "inactive", "E3"}, {"n", "b@north.example", "inactive", "E5"}, {"n", "d@north.example", "inactive", "E3"}}
	want := notify.Message{
		Title: "m365lake 2026-11-23: published, but 1 of 2 tenants failed",
		Text: `north: 439 users; 359 of 400 licensed were active in the 30 days to 2026-11-21
north: 480 paid licences assigned of 512 bought; 86 idle, 1234.50 EUR a month (3 without a price)
north: 2 gaps: copilot_usage_user_detail D7 D30 failed; user_roles failed
so"uth: failed, the last numbers stay; the log says why
north: b@north.example (inactive): E5
Took 1m30s, exit code 1, run id.
`}
	if diff := cmp.Diff(want, r.message(testTotals, named)); diff != "" {
		t.Error(diff)
	}
	if !r.failed() {
		t.Error("a tenant without anything new is no failure of the health check")
	}

	r.summary.Tenants = r.summary.Tenants[:1]
	if got := r.headline(); got != "published with 2 gaps" || r.failed() {
		t.Errorf("%s, failed %v", got, r.failed())
	}

	r.code, r.summary.Warehouse = exitNothing, ""
	r.summary.Tenants[0].Err = &graph.TokenError{Status: 401, Code: "invalid_client", AADSTS: 7000215}
	want = notify.Message{
		Title: "m365lake 2026-11-23: nothing published",
		Text: `north: failed, the last numbers stay; sign-in: 401 invalid_client AADSTS7000215
The last warehouse stays as it is. The log says why.
Took 1m30s, exit code 3, run id.
`}
	if diff := cmp.Diff(want, r.message(testTotals, nil)); diff != "" {
		t.Error(diff)
	}
	r.code = exitInterrupted
	if got := r.headline(); got != "interrupted" || !r.failed() {
		t.Errorf("%s, failed %v", got, r.failed())
	}
}

// What nobody measured is said so, and is not 0.
func TestMessageWithoutMeasurements(t *testing.T) {
	if got := testTotals[1].lines(); got != "so\"uth: 1 user; activity is not measured yet\n" {
		t.Errorf("%q", got)
	}
}

// Many gaps are counted, not listed.
func TestGapLine(t *testing.T) {
	var failures []failure
	for _, source := range strings.Split("abcdefghijklm", "") {
		failures = append(failures, failure{source, "failed", "detail"})
	}
	if got := gapLine(failures); got != "13 gaps: a failed; b failed; c failed; d failed; e failed; f failed; g failed; h failed; i failed; j failed; and 3 more" {
		t.Error(got)
	}
}

func TestMetricsFile(t *testing.T) {
	r := testReport()
	r.config.Data = t.TempDir()
	published := time.Date(2026, 11, 22, 4, 0, 0, 500e6, time.UTC)
	write(t, datafolder.Folder{Root: r.config.Data}.Warehouse(), "")
	if err := os.Chtimes(datafolder.Folder{Root: r.config.Data}.Warehouse(), published, published); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "m365lake.prom")
	if err := r.writeMetrics(file, testTotals); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var samples []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "m365lake_build_info") {
			samples = append(samples, strings.TrimSpace(line))
		}
	}
	want := []string{
		"m365lake_run_end_timestamp_seconds 1795406490",
		"m365lake_run_duration_seconds 90",
		"m365lake_run_exit_code 1",
		"m365lake_warehouse_published_timestamp_seconds 1795320000.5",
		`m365lake_tenant_loaded{tenant="north"} 1`,
		`m365lake_tenant_loaded{tenant="so\"uth"} 0`,
		`m365lake_tenant_gaps{tenant="north"} 3`,
		`m365lake_tenant_gaps{tenant="so\"uth"} 0`,
		`m365lake_tenant_graph_requests{tenant="north"} 84`,
		`m365lake_tenant_graph_requests{tenant="so\"uth"} 0`,
		`m365lake_users{tenant="north"} 439`,
		`m365lake_users{tenant="so\"uth"} 1`,
		`m365lake_licensed_users{tenant="north"} 400`,
		`m365lake_active_users{tenant="north"} 359`,
		`m365lake_activity_report_timestamp_seconds{tenant="north"} 1795219200`,
		`m365lake_paid_licenses_bought{tenant="north"} 512`,
		`m365lake_paid_licenses_assigned{tenant="north"} 480`,
		`m365lake_paid_licenses_idle{tenant="north"} 86`,
		`m365lake_paid_licenses_idle_without_price{tenant="north"} 3`,
		`m365lake_idle_cost_monthly{tenant="north",currency="EUR"} 1234.5`,
	}
	if diff := cmp.Diff(want, samples); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	for _, head := range []string{"# HELP m365lake_users Users in the directory.\n# TYPE m365lake_users gauge\n", "m365lake_build_info{version=\""} {
		if strings.Count(string(text), head) != 1 {
			t.Errorf("%q does not stand there once", head)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*.prom")); len(left) != 1 {
		t.Errorf("%v", left)
	}
	err = r.writeMetrics(filepath.Join(t.TempDir(), "nowhere", "m365lake.prom"), nil)
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasSuffix(err.Error(), "; make the folder writable, or name another in metrics.file") {
		t.Errorf("%v", err)
	}
}
