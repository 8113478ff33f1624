package reports

import (
	"slices"
	"testing"

	"m365lake/schemas"
)

func TestCountReportsAreSound(t *testing.T) {
	apps := []string{"office365", "m365_apps"}
	for _, a := range Apps() {
		apps = append(apps, a.Name)
	}
	names := map[string]bool{}
	for _, r := range Counts() {
		if _, isReport := ByName(r.Name); isReport || names[r.Name] {
			t.Errorf("two reports are called %s", r.Name)
		}
		names[r.Name] = true
		seen := map[Measure]bool{}
		for _, m := range r.Measures {
			if !slices.Contains(apps, m.App) || m.Header == "" || m.Name == "" {
				t.Errorf("%s: measure %+v", r.Name, m)
			}
			if m.Header = ""; seen[m] {
				t.Errorf("%s measures %+v twice", r.Name, m)
			}
			seen[m] = true
		}
	}
}

// Days are asked for once, over the longest period; whole periods each.
func TestCountReportPaths(t *testing.T) {
	for name, want := range map[string][]string{
		"office365_active_user_counts": {"/v1.0/reports/getOffice365ActiveUserCounts(period='D90')"},
		"office365_services_user_counts": {
			"/v1.0/reports/getOffice365ServicesUserCounts(period='D7')",
			"/v1.0/reports/getOffice365ServicesUserCounts(period='D90')",
			"/v1.0/reports/getOffice365ServicesUserCounts(period='D30')",
		},
		"m365_app_user_counts":            {"/v1.0/reports/getM365AppUserCounts(period='D90')"},
		"m365_app_platform_user_counts":   {"/v1.0/reports/getM365AppPlatformUserCounts(period='D90')"},
		"email_activity_user_counts":      {"/v1.0/reports/getEmailActivityUserCounts(period='D90')"},
		"teams_user_activity_user_counts": {"/v1.0/reports/getTeamsUserActivityUserCounts(period='D90')"},
		"yammer_activity_user_counts":     {"/v1.0/reports/getYammerActivityUserCounts(period='D90')"},
		"onedrive_activity_user_counts":   {"/v1.0/reports/getOneDriveActivityUserCounts(period='D90')"},
		"copilot_user_count_summary": {
			"/v1.0/copilot/reports/getMicrosoft365CopilotUserCountSummary(period='D7')",
			"/v1.0/copilot/reports/getMicrosoft365CopilotUserCountSummary(period='D90')",
			"/v1.0/copilot/reports/getMicrosoft365CopilotUserCountSummary(period='D30')",
		},
		"copilot_user_count_trend":        {"/v1.0/copilot/reports/getMicrosoft365CopilotUserCountTrend(period='D90')"},
		"sharepoint_activity_user_counts": {"/v1.0/reports/getSharePointActivityUserCounts(period='D90')"},
	} {
		r, ok := CountsByName(name)
		if !ok {
			t.Errorf("there is no %s", name)
			continue
		}
		var got []string
		for _, p := range r.Over([]schemas.Period{7, 90, 30}) {
			got = append(got, r.Path(p))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
