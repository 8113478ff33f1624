package reports

import (
	"cmp"
	"fmt"
	"slices"

	"m365lake/schemas"
)

// A CountReport is one report of Microsoft's own numbers.
type CountReport struct {
	Name     string // as in pipelines.yaml and report_status
	Function string // the Graph function
	Base     string // the folder of the function at Graph; "" is /v1.0/reports
	Whole    bool   // one row for the whole period instead of one for each of its days
	Optional bool   // a tenant may rightly not have it, or no rows in it
	Measures []Measure
}

// A Measure is one column of a CountReport.
type Measure struct{ Header, App, Name string }

// Over are the periods over which the report is asked for. A day is counted the same whatever the
// period, so that a report of days is asked for once, over the longest.
func (r *CountReport) Over(periods []schemas.Period) []schemas.Period {
	if r.Whole || len(periods) == 0 {
		return periods
	}
	return []schemas.Period{slices.Max(periods)}
}

// Path is the Graph path of the report for a period.
func (r *CountReport) Path(period schemas.Period) string {
	return fmt.Sprintf("%s/%s(period='%s')", cmp.Or(r.Base, reportsBase), r.Function, period)
}

// CountReportByName returns the count report of that name, or false.
func CountsByName(name string) (*CountReport, bool) {
	for _, r := range Counts() {
		if r.Name == name {
			return r, true
		}
	}
	return nil, false
}

// services are the columns of reports that count each service.
var services = []Measure{
	{"Office 365", "office365", ""},
	{"Exchange", "exchange", ""},
	{"OneDrive", "onedrive", ""},
	{"SharePoint", "sharepoint", ""},
	{"Skype For Business", "skype_for_business", ""},
	{"Yammer", "yammer", ""},
	{"Teams", "microsoft_teams", ""},
}

// fileMeasures are what users do with files.
func fileMeasures(app string) []Measure {
	return []Measure{
		{"Viewed Or Edited", app, "viewed_or_edited"},
		{"Synced", app, "synced"},
		{"Shared Internally", app, "shared_internally"},
		{"Shared Externally", app, "shared_externally"},
	}
}

// copilotMeasures are how many hold Copilot and how many used it, in any app and in each. The order is
// Microsoft's.
func copilotMeasures() []Measure {
	measures := []Measure{{"Any App Enabled Users", "copilot", "enabled"}, {"Any App Active Users", "copilot", "active"}}
	for _, in := range [][2]string{
		{"Microsoft Teams", "microsoft_teams"},
		{"Word", "word"},
		{"PowerPoint", "powerpoint"},
		{"Outlook", "outlook"},
		{"Excel", "excel"},
		{"OneNote", "onenote"},
		{"Loop", "loop"},
		{"Copilot Chat", "copilot_chat"},
	} {
		measures = append(measures, Measure{in[0] + " Enabled Users", "copilot", "enabled_in_" + in[1]}, Measure{in[0] + " Active Users", "copilot", "active_in_" + in[1]})
	}
	return measures
}

var countReports = func() []*CountReport {
	active := &CountReport{Name: "office365_active_user_counts", Function: "getOffice365ActiveUserCounts"}
	whole := &CountReport{Name: "office365_services_user_counts", Function: "getOffice365ServicesUserCounts", Whole: true}
	for _, s := range services {
		active.Measures = append(active.Measures, Measure{s.Header, s.App, "active"})
		whole.Measures = append(whole.Measures, Measure{s.Header + " Active", s.App, "active"}, Measure{s.Header + " Inactive", s.App, "inactive"})
	}
	return []*CountReport{
		active,
		whole,
		{Name: "m365_app_user_counts", Function: "getM365AppUserCounts", Measures: []Measure{
			{"Outlook", "outlook_app", "active"},
			{"Word", "word", "active"},
			{"Excel", "excel", "active"},
			{"PowerPoint", "powerpoint", "active"},
			{"OneNote", "onenote", "active"},
			{"Teams", "teams_app", "active"},
		}},
		{Name: "m365_app_platform_user_counts", Function: "getM365AppPlatformUserCounts", Measures: []Measure{
			{"Windows", "m365_apps", "windows"},
			{"Mac", "m365_apps", "mac"},
			{"Mobile", "m365_apps", "mobile"},
			{"Web", "m365_apps", "web"},
		}},
		{Name: "email_activity_user_counts", Function: "getEmailActivityUserCounts", Measures: []Measure{
			{"Send", "exchange", "send"},
			{"Receive", "exchange", "receive"},
			{"Read", "exchange", "read"},
			{"Meeting Created", "exchange", "meeting_created"},
			{"Meeting Interacted", "exchange", "meeting_interacted"},
		}},
		{Name: "teams_user_activity_user_counts", Function: "getTeamsUserActivityUserCounts", Measures: []Measure{
			{"Team Chat Messages", "microsoft_teams", "team_chat_messages"},
			{"Private Chat Messages", "microsoft_teams", "private_chat_messages"},
			{"Calls", "microsoft_teams", "calls"},
			{"Meetings", "microsoft_teams", "meetings"},
			{"Other Actions", "microsoft_teams", "other_actions"},
		}},
		{Name: "yammer_activity_user_counts", Function: "getYammerActivityUserCounts", Optional: true, Measures: []Measure{
			{"Liked", "yammer", "liked"},
			{"Posted", "yammer", "posted"},
			{"Read", "yammer", "read"},
		}},
		{Name: "onedrive_activity_user_counts", Function: "getOneDriveActivityUserCounts", Measures: fileMeasures("onedrive")},
		{
			Name: "sharepoint_activity_user_counts", Function: "getSharePointActivityUserCounts",
			Measures: append(fileMeasures("sharepoint"), Measure{"Visited Page", "sharepoint", "visited_page"}),
		},
		{
			// Version 1, which has 30 days as our own number of Copilot has.
			Name: "copilot_user_count_summary", Function: "getMicrosoft365CopilotUserCountSummary", Base: copilotBase,
			Whole: true, Optional: true, Measures: copilotMeasures(),
		},
		{
			Name: "copilot_user_count_trend", Function: "getMicrosoft365CopilotUserCountTrend", Base: copilotBase,
			Optional: true, Measures: copilotMeasures(),
		},
	}
}()

// CountReports are all count reports that can be pulled.
// Source: learn.microsoft.com/graph/api/resources/report.
func Counts() []*CountReport { return countReports }
