package usage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/schemas"
	"m365lake/schemas/reports"
	"m365lake/transform/report"
	"m365lake/transform/transformtest"
	"m365lake/transform/userindex"
)

// testActivity knows a, who may use each of the apps, and b, who may use none.
func testActivity(t *testing.T, apps ...string) *Activity {
	t.Helper()
	index := transformtest.UserIndexOf("a@x.example", "b@x.example")
	var licensed reports.AppSet
	for _, app := range apps {
		licensed |= reports.AppNamed(app)
	}
	index.People = []userindex.Person{{}, {Listed: true, Licensed: licensed}, {Listed: true}}
	index.Departments = []string{""}
	return &Activity{Tenant: transformtest.Tenant(t, "2026-11-20"), Users: index}
}

// readReport passes a report through a; the lines are those of its file.
func readReport(
	t *testing.T,
	a *Activity,
	about *reports.Report,
	period schemas.Period,
	lines ...string,
) transformtest.Tables {
	t.Helper()
	request := report.Request{
		TenantID: transformtest.TenantID,
		Report:   about,
		Period:   about.Asked(period),
		File:     about.Name,
	}
	reader := report.NewReader(strings.NewReader(strings.Join(lines, "\n")+"\n"), request, a.Users, a.Tenant.Mem)
	return transformtest.MustCollect(t, a.Report(reader, period))
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
			"Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count,Visited " +
				"Page Count",
			"1,20,300,4000,50000", "0,0,0,0,0", 54321.0,
		},
		"yammer":  {"Posted Count,Read Count,Liked Count", "1,20,300", "0,0,0", 321.0},
		"copilot": {"Prompts submitted for all apps", "17", "0", nil},
	} {
		t.Run(app, func(t *testing.T) {
			var about *reports.Report
			for _, known := range reports.Apps() {
				if known.Name == app {
					about = known.Report
				}
			}
			got := readReport(t, testActivity(t, app), about, 7,
				"Report Refresh Date,User Principal Name,Last Activity Date,"+file.header,
				"2026-11-18,a@x.example,2026-11-12,"+file.a,
				"2026-11-18,b@x.example,2026-11-11,"+file.b)
			zero := any(0.0)
			if file.actions == nil {
				zero = nil
			}
			want := [][]any{
				{app, 1.0, true, true, "2026-11-12", file.actions},
				{app, 2.0, false, false, "2026-11-11", zero},
			}
			if diff := cmp.Diff(want, transformtest.Pick(got["app_activity"], "app", "user_key", "licensed", "active",
				"last_activity_date", "actions")); diff != "" {
				t.Error(diff)
			}
			want = [][]any{{about.Name, true, 1.0, 1.0, 0.0, 0.0, file.actions}}
			if diff := cmp.Diff(want, transformtest.Pick(got["activity_metrics"][:1], "report", "all_departments",
				"licensed_users", "active_users", "inactive_users", "unlicensed_active_users", "actions")); diff != "" {
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
	if diff := cmp.Diff([][]any{{28.0}}, transformtest.Pick(got["report_copilot_usage_user_detail"],
		"report_period")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]any{{30.0, true}},
		transformtest.Pick(got["app_activity"], "report_period", "active")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]any{{30.0, true}},
		transformtest.Pick(transformtest.MustCollect(t, a.Cumulative(30, 1))["app_activity"],
			"report_period", "active")); diff != "" {
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
	if all := transformtest.MustCollect(t, a.Cumulative(7, 1)); len(all) != 0 {
		t.Errorf("cumulative of storage: %v", all)
	}
}

// Cumulative waits for every report that is wanted, but not for one that nobody here can be in.
func TestCumulativeWithoutReports(t *testing.T) {
	email := []string{
		"Report Refresh Date,User Principal Name,Last Activity Date,Send Count",
		"2026-11-18,a@x.example,2026-11-18,1",
	}
	a := testActivity(t, "exchange")
	readReport(t, a, reports.EmailActivityUserDetail, 7, email...)
	if all := transformtest.MustCollect(t, a.Cumulative(7, 2)); len(all) != 0 {
		t.Errorf("cumulative of one report of two: %v", all)
	}
	for about, want := range map[*reports.Report]bool{
		reports.CopilotUsageUserDetail:             true,
		reports.YammerDeviceUsageUserDetail:        true,
		reports.SkypeForBusinessActivityUserDetail: true,
		reports.TeamsUserActivityDetail:            false, // everybody is offered it
		reports.EmailActivityUserDetail:            false,
	} {
		if got := a.Dispensable(about); got != want {
			t.Errorf("%s is dispensable: %t", about.Name, got)
		}
	}
	if testActivity(t, "copilot").Dispensable(reports.CopilotUsageUserDetail) {
		t.Error("Copilot's report is dispensable although somebody is licensed")
	}
	a.Without(reports.SkypeForBusinessActivityUserDetail, 7) // decides nothing, so it replaces nothing
	if all := transformtest.MustCollect(t, a.Cumulative(7, 2)); len(all) != 0 {
		t.Errorf("cumulative without Skype's report: %v", all)
	}
	a.Without(reports.CopilotUsageUserDetail, 7)
	if diff := cmp.Diff([][]any{{1.0, true}},
		transformtest.Pick(transformtest.MustCollect(t, a.Cumulative(7, 2))["app_activity"],
			"user_key", "active")); diff != "" {
		t.Error(diff)
	}
	if all := transformtest.MustCollect(t, testActivity(t).Cumulative(7, 0)); len(all) != 0 {
		t.Errorf("cumulative of nothing: %v", all)
	}
}

// Which outcomes are a gap, and which are none.
func TestGaps(t *testing.T) {
	for _, o := range []struct {
		outcome report.Outcome
		gap     bool
	}{
		{report.Outcome{Status: report.StatusGood}, false},
		{report.Outcome{Status: report.StatusLate}, false},
		{report.Outcome{Status: report.StatusEmpty}, true},
		{report.Outcome{Status: report.StatusEmpty, Dispensable: true}, false},
		{report.Outcome{Status: report.StatusConcealed}, true},
		{report.Outcome{Status: report.StatusFailed}, true},
	} {
		if got := o.outcome.Gap(); got != o.gap {
			t.Errorf("%+v is a gap: %t", o.outcome, got)
		}
	}
}
