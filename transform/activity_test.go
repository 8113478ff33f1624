package transform

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/schemas"
	"m365lake/schemas/reports"
)

// testActivity knows a, who may use each of the apps, and b, who may use none.
func testActivity(t *testing.T, apps ...string) *Activity {
	t.Helper()
	index := userIndexOf("a@x.example", "b@x.example")
	var licensed appSet
	for _, app := range apps {
		licensed |= appNamed(app)
	}
	index.people = []person{{}, {listed: true, licensed: licensed}, {listed: true}}
	index.departments = []string{""}
	return &Activity{Tenant: testWho(t, "2026-11-20"), Users: index}
}

// readReport passes a report through a; the lines are those of its file.
func readReport(t *testing.T, a *Activity, report *reports.Report, period schemas.Period, lines ...string) tables {
	t.Helper()
	request := ReportRequest{TenantID: testTenant, Report: report, Period: report.Asked(period), File: report.Name}
	reader := NewReportReader(strings.NewReader(strings.Join(lines, "\n")+"\n"), request, a.Users, a.Tenant.Mem)
	return mustCollect(t, a.Report(reader, report, period))
}

// Which report decides each app, from which columns.
func TestActivityOfEachService(t *testing.T) {
	for app, file := range map[string]struct {
		header, a, b string
		actions      any
	}{
		"exchange": {
			"Send Count,Receive Count,Read Count,Meeting Created Count,Meeting Interacted Count",
			"1,1000,20,300,", "0,7,0,0,0", 321.0,
		},
		"onedrive": {
			"Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count",
			"1,20,300,4000", "0,0,0,0", 4321.0,
		},
		"sharepoint": {
			"Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count,Visited Page Count",
			"1,20,300,4000,50000", "0,0,0,0,0", 54321.0,
		},
		"yammer":  {"Posted Count,Read Count,Liked Count", "1,20,300", "0,0,0", 321.0},
		"copilot": {"Prompts submitted for all apps", "17", "0", nil},
	} {
		t.Run(app, func(t *testing.T) {
			var report *reports.Report
			for _, known := range reports.Apps() {
				if known.Name == app {
					report = known.Report
				}
			}
			got := readReport(t, testActivity(t, app), report, 7,
				"Report Refresh Date,User Principal Name,Last Activity Date,"+file.header,
				"2026-11-18,a@x.example,2026-11-12,"+file.a,
				"2026-11-18,b@x.example,2026-11-11,"+file.b)
			zero := any(0.0)
			if file.actions == nil {
				zero = nil
			}
			want := [][]any{{app, 1.0, true, true, "2026-11-12", file.actions}, {app, 2.0, false, false, "2026-11-11", zero}}
			if diff := cmp.Diff(want, pick(got["app_activity"], "app", "user_key", "licensed", "active", "last_activity_date", "actions")); diff != "" {
				t.Error(diff)
			}
			want = [][]any{{report.Name, true, 1.0, 1.0, 0.0, 0.0, file.actions}}
			if diff := cmp.Diff(want, pick(got["activity_metrics"][:1], "report", "all_departments", "licensed_users", "active_users", "inactive_users", "unlicensed_active_users", "actions")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Copilot's month has 28 days in its own table; the apps are counted over the 30 that were wanted.
func TestActivityOfCopilotsMonth(t *testing.T) {
	a := testActivity(t, "copilot")
	got := readReport(t, a, reports.CopilotUsageUserDetail, 30,
		"Report Refresh Date,User Principal Name,Last Activity Date,Report Period",
		"2026-11-18,a@x.example,2026-10-20,28")
	if diff := cmp.Diff([][]any{{28.0}}, pick(got["report_copilot_usage_user_detail"], "report_period")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]any{{30.0, true}}, pick(got["app_activity"], "report_period", "active")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]any{{30.0, true}}, pick(mustCollect(t, a.Cumulative(30, 1))["app_activity"], "report_period", "active")); diff != "" {
		t.Error(diff)
	}
}

// A report that decides no app has its table and nothing else.
func TestActivityOfStorage(t *testing.T) {
	a := testActivity(t, "onedrive")
	got := readReport(t, a, reports.OneDriveUsageAccountDetail, 7,
		"Report Refresh Date,Site Id,Last Activity Date,Owner Principal Name", "2026-11-18,s,2026-11-18,a@x.example")
	if len(got) != 1 || len(got["report_onedrive_usage_account_detail"]) != 1 {
		t.Errorf("tables %v", got)
	}
	if all := mustCollect(t, a.Cumulative(7, 1)); len(all) != 0 {
		t.Errorf("cumulative of storage: %v", all)
	}
}

// Cumulative waits for every report that is wanted, but not for one that nobody here can be in.
func TestCumulativeWithoutReports(t *testing.T) {
	email := []string{"Report Refresh Date,User Principal Name,Last Activity Date,Send Count", "2026-11-18,a@x.example,2026-11-18,1"}
	a := testActivity(t, "exchange")
	readReport(t, a, reports.EmailActivityUserDetail, 7, email...)
	if all := mustCollect(t, a.Cumulative(7, 2)); len(all) != 0 {
		t.Errorf("cumulative of one report of two: %v", all)
	}
	for report, want := range map[*reports.Report]bool{
		reports.CopilotUsageUserDetail:             true,
		reports.YammerDeviceUsageUserDetail:        true,
		reports.SkypeForBusinessActivityUserDetail: true,
		reports.TeamsUserActivityDetail:            false, // everybody is offered it
		reports.EmailActivityUserDetail:            false,
	} {
		if got := a.Dispensable(report); got != want {
			t.Errorf("%s is dispensable: %t", report.Name, got)
		}
	}
	if testActivity(t, "copilot").Dispensable(reports.CopilotUsageUserDetail) {
		t.Error("Copilot's report is dispensable although somebody is licensed")
	}
	a.Without(reports.SkypeForBusinessActivityUserDetail, 7) // decides nothing, so it replaces nothing
	if all := mustCollect(t, a.Cumulative(7, 2)); len(all) != 0 {
		t.Errorf("cumulative without Skype's report: %v", all)
	}
	a.Without(reports.CopilotUsageUserDetail, 7)
	if diff := cmp.Diff([][]any{{1.0, true}}, pick(mustCollect(t, a.Cumulative(7, 2))["app_activity"], "user_key", "active")); diff != "" {
		t.Error(diff)
	}
	if all := mustCollect(t, testActivity(t).Cumulative(7, 0)); len(all) != 0 {
		t.Errorf("cumulative of nothing: %v", all)
	}
}

// What is no gap and what is.
func TestGaps(t *testing.T) {
	for _, o := range []struct {
		outcome ReportOutcome
		gap     bool
	}{
		{ReportOutcome{Status: StatusGood}, false},
		{ReportOutcome{Status: StatusLate}, false},
		{ReportOutcome{Status: StatusEmpty}, true},
		{ReportOutcome{Status: StatusEmpty, Dispensable: true}, false},
		{ReportOutcome{Status: StatusConcealed}, true},
		{ReportOutcome{Status: StatusFailed}, true},
	} {
		if got := o.outcome.Gap(); got != o.gap {
			t.Errorf("%+v is a gap: %t", o.outcome, got)
		}
	}
}
