package sql

import (
	"strings"
	"testing"

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

// The view reads every report whose rows name a user.
func TestUnmatchedRowsReadsAllReports(t *testing.T) {
	text := file(t, "views/054_unmatched_rows.sql")
	for _, r := range reports.All() {
		want := r.User == "user_principal_name"
		if got := strings.Contains(text, "'"+r.Name+"' AS report") && strings.Contains(text, "FROM "+r.Table.Name+"\n"); got != want {
			t.Errorf("the view reads %s: %t", r.Name, got)
		}
	}
}
