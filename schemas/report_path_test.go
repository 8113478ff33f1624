package schemas

import "testing"

// Every report, over every period it is asked for.
func TestReportPaths(t *testing.T) {
	plain := map[string]string{
		"office365_active_user_detail":            "getOffice365ActiveUserDetail",
		"m365_app_user_detail":                    "getM365AppUserDetail",
		"teams_user_activity_detail":              "getTeamsUserActivityUserDetail",
		"teams_device_usage_user_detail":          "getTeamsDeviceUsageUserDetail",
		"email_activity_user_detail":              "getEmailActivityUserDetail",
		"email_app_usage_user_detail":             "getEmailAppUsageUserDetail",
		"mailbox_usage_detail":                    "getMailboxUsageDetail",
		"onedrive_activity_user_detail":           "getOneDriveActivityUserDetail",
		"onedrive_usage_account_detail":           "getOneDriveUsageAccountDetail",
		"sharepoint_activity_user_detail":         "getSharePointActivityUserDetail",
		"sharepoint_site_usage_detail":            "getSharePointSiteUsageDetail",
		"yammer_activity_user_detail":             "getYammerActivityUserDetail",
		"yammer_device_usage_user_detail":         "getYammerDeviceUsageUserDetail",
		"skype_for_business_activity_user_detail": "getSkypeForBusinessActivityUserDetail",
	}
	want := map[string][]string{
		"office365_activations_user_detail": {"/v1.0/reports/getOffice365ActivationsUserDetail"},
		"copilot_usage_user_detail": {
			"/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail(period='D7',version='v2')",
			"/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail(period='D28',version='v2')",
			"/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail(period='D90',version='v2')",
			"/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail(period='D180',version='v2')",
		},
	}
	for name, function := range plain {
		for _, period := range []string{"D7", "D30", "D90", "D180"} {
			want[name] = append(want[name], "/v1.0/reports/"+function+"(period='"+period+"')")
		}
	}
	for _, r := range Reports() {
		paths := want[r.Name]
		delete(want, r.Name)
		periods := r.Over(Periods)
		if len(periods) != len(paths) {
			t.Errorf("%s: %d periods, want %d paths", r.Name, len(periods), len(paths))
			continue
		}
		for i, p := range periods {
			if got := r.Path(p); got != paths[i] {
				t.Errorf("%s, %v: %s, want %s", r.Name, p, got, paths[i])
			}
		}
	}
	copilot := &CopilotUsageUserDetail
	for _, r := range Reports() {
		first := ""
		if r == copilot {
			first = "/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail(period='D30')"
		}
		if got := r.FirstVersionPath(30); got != first {
			t.Errorf("%s without a version: %q, want %q", r.Name, got, first)
		}
	}
	for name := range want {
		t.Errorf("there is no report %s", name)
	}
}

// Graph has no single days of these; schemas of the service, overloads with "date".
func TestReportsOfSingleDays(t *testing.T) {
	without := map[string]bool{"mailbox_usage_detail": true, "office365_activations_user_detail": true, "copilot_usage_user_detail": true}
	for _, r := range Reports() {
		if r.Days == without[r.Name] {
			t.Errorf("%s: Days is %t", r.Name, r.Days)
		}
	}
}
