package sql_test

import (
	"slices"
	"strings"
	"testing"

	"m365lake/schemas"
	"m365lake/schemas/reports"
)

func TestUnmatchedRows(t *testing.T) {
	w := twoTenants(t)
	const columns = "report_date, report_period, user_key, user_principal_name"
	w.insert("report_email_activity_user_detail", columns,
		"'a', '2026-11-20', 30, NULL, 'found-since@a'", // older
		"'a', '2026-11-21', 30, 1, 'Anna@a'",
		"'a', '2026-11-21', 30, NULL, 'stranger@a'",
		"'a', '2026-11-21', 7, NULL, 'stranger@a'", // the same over another period
		"'b', '2026-11-20', 30, NULL, 'stranger@b'")
	w.insert("report_mailbox_usage_detail", columns,
		"'a', '2026-11-19', 30, NULL, 'info@a'", // as old as it may be, it is the newest of its report
		"'a', '2026-11-19', 7, NULL, '0123456789ABCDEF0123456789abcdef'",
		"'b', '2026-11-21', 7, 1, 'boris@b'")
	w.insert("report_office365_activations_user_detail", columns+", product_type",
		"'a', '2026-11-21', 0, NULL, 'stranger@a', 'Office'", "'a', '2026-11-21', 0, NULL, 'stranger@a', 'Visio'")
	w.expect("SELECT tenant_name, report, user_principal_name, report_date FROM unmatched_rows",
		"alpha|email_activity_user_detail|stranger@a|2026-11-21",
		"alpha|mailbox_usage_detail|info@a|2026-11-19",
		"alpha|office365_activations_user_detail|stranger@a|2026-11-21",
		"beta|email_activity_user_detail|stranger@b|2026-11-20")
}

// The view reads every report whose rows name a user, and no other.
func TestUnmatchedRowsReadsAllReportsOfUsers(t *testing.T) {
	w := twoTenants(t)
	for _, r := range reports.All() {
		isName := func(c schemas.Column) bool { return c.Name == "user_principal_name" }
		if slices.ContainsFunc(r.Table.Columns, isName) {
			row := "'a', '2026-11-21', 30, NULL, 'stranger@a'"
			columns := "report_date, report_period, user_key, user_principal_name"
			for _, name := range r.Table.Key { // a stranger of each
				if !strings.Contains("tenant_id, "+columns, name) {
					columns, row = columns+", "+name, row+", 'x'"
				}
			}
			w.insert(r.Table.Name, columns, row)
		}
	}
	w.expect("SELECT report FROM unmatched_rows",
		"copilot_usage_user_detail",
		"email_activity_user_detail",
		"email_app_usage_user_detail",
		"m365_app_user_detail",
		"mailbox_usage_detail",
		"office365_activations_user_detail",
		"office365_active_user_detail",
		"onedrive_activity_user_detail",
		"sharepoint_activity_user_detail",
		"skype_for_business_activity_user_detail",
		"teams_device_usage_user_detail",
		"teams_user_activity_detail",
		"yammer_activity_user_detail",
		"yammer_device_usage_user_detail")
}
