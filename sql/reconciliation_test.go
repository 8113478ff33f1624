package sql_test

import (
	"fmt"
	"strings"
	"testing"

	"m365lake/schemas/reports"
)

func TestReconciliation(t *testing.T) {
	w := twoTenants(t)
	const metrics = "report_date, report_period, report, app, all_departments, department, licensed_users, " +
		"active_users, inactive_users, unreported_users, unlicensed_active_users"
	w.insert("activity_metrics", metrics,
		"'a', '2026-11-20', 30, 'e', 'exchange', true, NULL, 200, 90, 110, 0, 5",
		"'a', '2026-11-20', 30, 'e', 'exchange', false, 'Sales', 200, 90, 110, 0, 5",
		"'a', '2026-11-21', 30, 'e', 'exchange', true, NULL, 200, 93, 107, 0, 5", // Microsoft has not come so far
		"'a', '2026-11-18', 30, 't', 'microsoft_teams', true, NULL, 20, 6, 14, 0, 0",
		"'a', '2026-11-20', 30, 'y', 'yammer', true, NULL, 20, 3, 17, 0, 0",
		"'a', '2026-11-20', 30, 'o', 'onedrive', true, NULL, 20, 14, 6, 0, 0",
		"'a', '2026-11-20', 30, 'w', 'word', true, NULL, 20, 14, 6, 0, 0", // has no equal over a period
		"'a', '2026-11-20', 7, 'e', 'exchange', true, NULL, 200, 80, 120, 0, 0",
		"'b', '2026-11-20', 30, 'e', 'exchange', true, NULL, 9, 9, 0, 0, 0")
	w.insert("tenant_counts", "as_of, report_period, report, report_date, app, measure, users",
		"'a', '2026-11-19', 30, 'office365_services_user_counts', '2026-11-19', 'exchange', 'active', 1", // older
		"'a', '2026-11-20', 30, 'office365_services_user_counts', '2026-11-20', 'exchange', 'active', 97",
		"'a', '2026-11-20', 30, 'office365_services_user_counts', '2026-11-20', 'exchange', 'inactive', 55",
		"'a', '2026-11-20', 30, 'office365_services_user_counts', '2026-11-20', 'microsoft_teams', 'active', 12",
		"'a', '2026-11-20', 30, 'office365_services_user_counts', '2026-11-20', 'onedrive', 'active', 20",
		"'a', '2026-11-20', 30, 'office365_services_user_counts', '2026-11-20', 'sharepoint', 'active', 4",
		"'a', '2026-11-20', 30, 'office365_services_user_counts', '2026-11-20', 'office365', 'active', 99",
		"'a', '2026-11-20', 7, 'office365_services_user_counts', '2026-11-20', 'exchange', 'active', 80",
		"'b', '2026-11-20', 30, 'office365_services_user_counts', '2026-11-20', 'exchange', 'active', 8",
		"'a', '2026-11-19', 180, 'm365_app_user_counts', '2026-11-18', 'word', 'active', 7", // corrected since
		"'a', '2026-11-20', 180, 'm365_app_user_counts', '2026-11-01', 'word', 'active', 5",
		"'a', '2026-11-20', 180, 'm365_app_user_counts', '2026-11-10', 'word', 'active', 5",
		"'a', '2026-11-20', 180, 'm365_app_user_counts', '2026-11-18', 'word', 'active', 5",
		"'a', '2026-11-20', 180, 'm365_app_user_counts', '2026-11-19', 'word', 'active', 5",
		"'a', '2026-11-20', 180, 'email_activity_user_counts', '2026-11-18', 'exchange', 'send', 5")
	w.insert(
		"report_status",
		"run_day, report, report_period, asked_day, status, report_date, rows, unmatched_rows, run_id",
		"'a', '2026-11-22', 'email_activity_user_detail', 30, NULL, 'good', '2026-11-20', 200, 1, 'w'",
		"'a', '2026-11-23', 'email_activity_user_detail', 30, NULL, 'good', '2026-11-21', 200, 9, 'x'",
		"'a', '2026-11-20', 'teams_user_activity_detail', 30, NULL, 'good', '2026-11-18', 20, 4, 'v'",
		"'a', '2026-11-23', 'teams_user_activity_detail', 30, NULL, 'concealed', '2026-11-21', 20, 20, 'x'",
		"'a', '2026-11-22', 'onedrive_activity_user_detail', 30, NULL, 'good', '2026-11-20', 20, 6, 'w'",
		"'a', '2026-11-23', 'sharepoint_activity_user_detail', 30, NULL, 'failed', NULL, 0, 0, 'x'",
		"'a', '2026-11-22', 'm365_app_user_detail', 1, '2026-11-10', 'good', '2026-11-10', 9, 0, 'w'",
		"'a', '2026-11-22', 'm365_app_user_detail', 1, '2026-11-18', 'good', '2026-11-18', 9, 3, 'w'",
		"'a', '2026-11-23', 'm365_app_user_detail', 1, '2026-11-18', 'failed', NULL, 0, 0, 'x'", // the first answer stays
		"'a', '2026-11-23', 'm365_app_user_detail', 1, '2026-11-19', 'concealed', '2026-11-19', 9, 9, 'x'",
	)
	w.insert("app_activity_daily", "report_date, report, app, user_key",
		"'a', '2026-11-10', 'm365_app_user_detail', 'word', 1", "'a', '2026-11-10', 'm365_app_user_detail', 'word', 2",
		"'a', '2026-11-18', 'm365_app_user_detail', 'word', 1", "'a', '2026-11-18', 'm365_app_user_detail', 'word', 2",
		"'a', '2026-11-18', 'm365_app_user_detail', 'word', 3", "'a', '2026-11-18', 'm365_app_user_detail', 'word', 4",
		"'a', '2026-11-18', 'm365_app_user_detail', 'excel', 1",
		"'b', '2026-11-18', 'm365_app_user_detail', 'word', 1")
	w.expect(
		"SELECT tenant_name, app_label, report_period, report_date, our_report_date, our_users, microsoft_users, "+
			"difference, difference_percent, within_tolerance, why FROM reconciliation",
		"alpha|Yammer (Viva Engage)|30|2026-11-20|2026-11-20|3|0|3|NULL|false|Microsoft gives no number, taken as 0",
		"alpha|OneDrive|30|2026-11-20|2026-11-20|14|20|-6|-30|false|we lack 6 unmatched rows",
		"alpha|SharePoint|30|2026-11-20|NULL|NULL|4|NULL|NULL|NULL|no number of ours: our report is failed",
		"alpha|Microsoft Teams|30|2026-11-20|2026-11-18|6|12|-6|-50|false|different report dates; names are concealed, so "+
			"that ours is older; we lack 4 unmatched rows; Microsoft counts closed accounts too",
		"alpha|Exchange|30|2026-11-20|2026-11-20|95|97|-2|-2.1|true|we lack 1 unmatched rows; Microsoft counts closed "+
			"accounts too",
		"alpha|Exchange|7|2026-11-20|2026-11-20|80|80|0|0|true|NULL",
		"alpha|Word|1|2026-11-19|2026-11-19|NULL|5|NULL|NULL|NULL|no number of ours: names are concealed",
		"alpha|Word|1|2026-11-18|2026-11-18|4|5|-1|-20|true|we lack 3 unmatched rows; Microsoft may still correct the day",
		"alpha|Excel|1|2026-11-18|2026-11-18|1|0|1|NULL|true|Microsoft gives no number, taken as 0; Microsoft may still "+
			"correct the day",
		"alpha|Word|1|2026-11-10|2026-11-10|2|5|-3|-60|false|Microsoft counts closed accounts too",
		"beta|Exchange|30|2026-11-20|2026-11-20|9|8|1|12.5|true|not explained",
	)
	// Two percent of many are more than two.
	w.exec("UPDATE activity_metrics SET active_users = 1000 WHERE tenant_id = 'b'")
	w.exec("UPDATE tenant_counts SET users = 1020 WHERE tenant_id = 'b'")
	w.expect(
		"SELECT difference, difference_percent, within_tolerance FROM reconciliation WHERE tenant_id = 'b'",
		"-20|-2|true",
	)
	w.exec("UPDATE tenant_counts SET users = 1021 WHERE tenant_id = 'b'")
	w.expect(
		"SELECT difference, difference_percent, within_tolerance FROM reconciliation WHERE tenant_id = 'b'",
		"-21|-2.1|false",
	)
}

// Our Copilot of 30 days comes from a report of 28, whose status tells of it.
func TestReconciliationOfCopilot(t *testing.T) {
	w := twoTenants(t)
	w.insert(
		"activity_metrics",
		"report_date, report_period, report, app, all_departments, department, licensed_users, active_users, "+
			"inactive_users, unreported_users, unlicensed_active_users",
		"'a', '2026-11-20', 30, 'c', 'copilot', true, NULL, 20, 9, 11, 0, 0",
		"'a', '2026-11-20', 7, 'c', 'copilot', true, NULL, 20, 5, 15, 0, 0",
	)
	w.insert(
		"tenant_counts",
		"as_of, report_period, report, report_date, app, measure, users",
		"'a', '2026-11-20', 30, 'copilot_user_count_summary', '2026-11-20', 'copilot', 'enabled', 20",
		"'a', '2026-11-20', 30, 'copilot_user_count_summary', '2026-11-20', 'copilot', 'active', 13",
		"'a', '2026-11-20', 30, 'copilot_user_count_summary', '2026-11-20', 'copilot', 'active_in_word', 4",
		"'a', '2026-11-20', 7, 'copilot_user_count_summary', '2026-11-20', 'copilot', 'active', 5",
		"'b', '2026-11-20', 30, 'copilot_user_count_summary', '2026-11-20', 'copilot', 'active', 5",
		"'a', '2026-11-20', 180, 'copilot_user_count_trend', '2026-11-20', 'copilot', 'active', 3",
	) // nothing of ours is by day
	w.insert(
		"report_status",
		"run_day, report, report_period, asked_day, status, report_date, rows, unmatched_rows, run_id",
		"'a', '2026-11-22', 'copilot_usage_user_detail', 28, NULL, 'good', '2026-11-20', 20, 4, 'w'",
		"'a', '2026-11-22', 'copilot_usage_user_detail', 7, NULL, 'good', '2026-11-20', 20, 4, 'w'",
		"'b', '2026-11-22', 'copilot_usage_user_detail', 28, NULL, 'concealed', '2026-11-20', 20, 20, 'w'",
	)
	w.expect("SELECT tenant_name, app, report_period, our_users, microsoft_users, difference, why FROM reconciliation",
		"alpha|copilot|30|9|13|-4|we lack 4 unmatched rows",
		"alpha|copilot|7|5|5|0|NULL",
		"beta|copilot|30|NULL|5|NULL|no number of ours: names are concealed")
}

// The view compares each app by the report that decides it, with every report in which Microsoft
// counts who is active in it.
func TestReconciliationMatchesSchemas(t *testing.T) {
	text := file(t, "views/052_reconciliation.sql")
	pairs := 0
	for _, counts := range reports.Counts() {
		for _, app := range reports.Apps() {
			for _, m := range counts.Measures {
				if m.App != app.Name || m.Name != "active" || !counts.Whole && !app.Report.Days {
					continue
				}
				pairs++
				want := fmt.Sprintf("('%s', '%s', '%s', %t)", app.Name, app.Report.Name, counts.Name, !counts.Whole)
				if !strings.Contains(text, want) {
					t.Errorf("the view should compare %s", want)
				}
			}
		}
	}
	if got := strings.Count(text, "', true)") + strings.Count(text, "', false)"); got != pairs {
		t.Errorf("the view compares %d pairs instead of %d", got, pairs)
	}
}

// While names are concealed, our number is the one by pseudonym, which has everybody in it.
func TestReconciliationOfPseudonyms(t *testing.T) {
	w := twoTenants(t)
	w.insert("tenant_counts", "as_of, report, report_period, report_date, app, measure, users",
		"'a', '2026-11-21', 'office365_services_user_counts', 30, '2026-11-21', 'exchange', 'active', 12",
		"'a', '2026-11-21', 'office365_services_user_counts', 30, '2026-11-21', 'microsoft_teams', 'active', 9")
	w.insert("report_status", "run_day, report, report_period, status, report_date, rows, unmatched_rows, run_id",
		"'a', '2026-11-23', 'email_activity_user_detail', 30, 'concealed', '2026-11-21', 20, 20, 'x'")
	w.insert(
		"concealed_metrics",
		"report_date, report_period, report, app, licensed_users, active_users, inactive_users",
		"'a', '2026-11-21', 30, 'email_activity_user_detail', 'exchange', 8, 11, 0",
		"'a', '2026-11-21', 30, 'teams_user_activity_detail', 'microsoft_teams', 8, 11, 0",
	)
	w.insert(
		"activity_metrics",
		"report_date, report_period, report, app, all_departments, licensed_users, active_users, inactive_users, "+
			"unreported_users, unlicensed_active_users",
		"'a', '2026-11-21', 30, 'teams_user_activity_detail', 'microsoft_teams', true, 8, 7, 1, 0, 2",
	) // with names as well
	w.expect("SELECT app, our_report_date, our_users, microsoft_users, within_tolerance FROM reconciliation",
		"microsoft_teams|2026-11-21|9|9|true", "exchange|2026-11-21|11|12|true")
}
