package sql

import "testing"

func TestAppPlatforms(t *testing.T) {
	w := twoTenants(t)
	w.insert("activity_metrics", "report_date, report_period, report, app, all_departments, department, licensed_users, active_users, inactive_users, unreported_users, unlicensed_active_users",
		"'a', '2026-11-20', 30, 'm365_app_user_detail', 'word', true, NULL, 99, 0, 99, 0, 0",
		"'a', '2026-11-21', 30, 'm365_app_user_detail', 'word', true, NULL, 4, 2, 2, 0, 1",
		"'a', '2026-11-21', 30, 'm365_app_user_detail', 'word', false, 'Sales', 2, 1, 1, 0, 0",
		"'a', '2026-11-21', 30, 'm365_app_user_detail', 'outlook_app', true, NULL, 5, 1, 4, 0, 0",
		"'a', '2026-11-20', 7, 'm365_app_user_detail', 'word', true, NULL, 4, 1, 3, 0, 0",
		"'b', '2026-11-20', 30, 'm365_app_user_detail', 'word', true, NULL, 1, 1, 0, 0, 0")
	w.insert("report_m365_app_user_detail", "report_date, report_period, user_key, user_principal_name, word, word_windows, word_mac, word_mobile, word_web, outlook, outlook_web, teams, teams_mac",
		"'a', '2026-11-20', 30, 4, 'dora@a', true, true, true, true, true, true, true, true, true", // older
		"'a', '2026-11-21', 30, 1, 'Anna@a', true, true, true, false, false, true, true, NULL, NULL",
		"'a', '2026-11-21', 30, 2, 'bert@a', true, true, NULL, true, false, false, false, NULL, NULL",
		"'a', '2026-11-21', 30, 3, 'chloe@a', true, false, NULL, false, true, false, false, true, true",
		"'a', '2026-11-21', 30, 4, 'dora@a', false, false, false, false, false, false, false, NULL, NULL",
		"'a', '2026-11-21', 30, NULL, 'stranger@a', true, true, true, true, true, true, true, true, true",
		"'a', '2026-11-20', 7, 1, 'Anna@a', true, false, false, true, false, false, false, false, false",
		// Concealed since: the numbers stay.
		"'a', '2026-11-22', 7, NULL, '0123456789abcdef0123456789abcdef', true, true, true, true, true, true, true, true, true",
		"'b', '2026-11-20', 30, 1, 'boris@b', true, false, true, false, false, false, false, false, false")
	w.expect("SELECT tenant_name, app_label, report_period, report_date, licensed_users, users, windows_users, mac_users, mobile_users, web_users, desktop_users, no_desktop_users FROM app_platforms WHERE users > 0",
		"alpha|Word|7|2026-11-20|4|1|0|0|1|0|0|1",
		"alpha|Word|30|2026-11-21|4|3|2|1|1|1|2|1",
		"alpha|Teams (app)|30|2026-11-21|NULL|1|0|1|0|0|1|0",
		"alpha|Outlook (app)|30|2026-11-21|5|1|0|0|0|1|0|1",
		"beta|Word|30|2026-11-20|1|1|0|1|0|0|1|0")
	w.expect("SELECT windows_percent, mac_percent, mobile_percent, web_percent, desktop_percent FROM app_platforms WHERE tenant_id = 'a' AND report_period = 30 AND app IN ('word', 'excel') ORDER BY app DESC",
		"66.7|33.3|33.3|33.3|66.7", "NULL|NULL|NULL|NULL|NULL")
	w.expect("SELECT tenant_id, report_period, count(*) FROM app_platforms GROUP BY ALL ORDER BY ALL", "a|7|6", "a|30|6", "b|30|6")
}
