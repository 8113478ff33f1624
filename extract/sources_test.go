package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/graph/permissions"
	"m365lake/schemas"
	"m365lake/schemas/reports"
)

func TestReportSources(t *testing.T) {
	reports := []*reports.Report{
		reports.CopilotUsageUserDetail,
		reports.Office365ActivationsUserDetail,
		reports.MailboxUsageDetail,
	}
	var got [][2]string
	for _, s := range ReportSources(reports, []schemas.Period{7, 30}) {
		got = append(got, [2]string{s.Name, s.File()})
	}
	want := [][2]string{
		{"copilot_usage_user_detail_D7", "copilot_usage_user_detail_D7.csv.zst"},
		{"copilot_usage_user_detail_D28", "copilot_usage_user_detail_D28.csv.zst"},
		{"office365_activations_user_detail", "office365_activations_user_detail.csv.zst"},
		{"mailbox_usage_detail_D7", "mailbox_usage_detail_D7.csv.zst"},
		{"mailbox_usage_detail_D30", "mailbox_usage_detail_D30.csv.zst"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What a source needs is in graph's table, from which the documentation and the sign-in of people
// are made; and nothing in the table is for nobody.
func TestPermissionsOfSources(t *testing.T) {
	known, used := map[string]bool{}, map[string]bool{}
	for _, p := range permissions.ForReading() {
		known[p.Name] = true
	}
	sources := append(Directory(), SignInActivity(SignInPace()), RoleMembers("x"))
	sources = append(sources, ReportSources(reports.All(), schemas.Periods)...)
	sources = append(sources, CountSources(reports.Counts(), schemas.Periods)...)
	for _, s := range sources {
		if used[s.Permission] = true; !known[s.Permission] {
			t.Errorf("%s needs %q, which permissions.ForReading lacks", s.Name, s.Permission)
		}
	}
	for name := range known {
		if !used[name] {
			t.Errorf("no source needs %s", name)
		}
	}
}
