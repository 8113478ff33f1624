package sql_test

import "testing"

func TestAppPlatforms(t *testing.T) {
	w := twoTenants(t)
	w.insert(
		"activity_metrics",
		"report_date, report_period, report, app, all_departments, department, licensed_users, active_users, "+
			"inactive_users, unreported_users, unlicensed_active_users, windows_users, mac_users, mobile_users, web_users, "+
			"desktop_users",
		"'a', '2026-11-20', 30, 'm365_app_user_detail', 'word', true, NULL, 99, 9, 90, 0, 0, 9, 9, 9, 9, 9", // older
		"'a', '2026-11-21', 30, 'm365_app_user_detail', 'word', true, NULL, 5, 3, 2, 0, 1, 2, 1, 1, 1, 2",
		"'a', '2026-11-21', 30, 'm365_app_user_detail', 'word', false, 'Sales', 2, 1, 1, 0, 0, 1, 1, 1, 0, 1",
		// no column for Mac
		"'a', '2026-11-21', 30, 'm365_app_user_detail', 'outlook_app', true, NULL, 5, 1, 4, 0, 0, 0, NULL, 0, 1, NULL",
		"'a', '2026-11-21', 30, 'm365_app_user_detail', 'excel', true, NULL, 5, 0, 5, 0, 0, 0, 0, 0, 0, 0",
		"'a', '2026-11-20', 7, 'm365_app_user_detail', 'word', true, NULL, 4, 1, 3, 0, 0, 0, 0, 1, 0, 0",
		"'a', '2026-11-21', 30, 'email_activity_user_detail', 'exchange', true, NULL, 4, 1, 3, 0, 0, NULL, NULL, NULL, "+
			"NULL, NULL",
		"'b', '2026-11-20', 30, 'm365_app_user_detail', 'word', true, NULL, 1, 1, 0, 0, 0, 0, 1, 0, 0, 1",
	)
	w.expect(
		"SELECT tenant_name, app_label, report_period, report_date, licensed_users, active_users, windows_users, "+
			"mac_users, mobile_users, web_users, desktop_users, no_desktop_users FROM app_platforms",
		"alpha|Word|7|2026-11-20|4|1|0|0|1|0|0|1",
		"alpha|Word|30|2026-11-21|5|3|2|1|1|1|2|1",
		"alpha|Excel|30|2026-11-21|5|0|0|0|0|0|0|0",
		"alpha|Outlook (app)|30|2026-11-21|5|1|0|NULL|0|1|NULL|NULL",
		"beta|Word|30|2026-11-20|1|1|0|1|0|0|1|0",
	)
	w.expect(
		"SELECT windows_percent, mac_percent, mobile_percent, web_percent, desktop_percent FROM app_platforms WHERE "+
			"tenant_id = 'a' AND report_period = 30",
		"66.7|33.3|33.3|33.3|66.7",
		"NULL|NULL|NULL|NULL|NULL",
		"0|NULL|0|100|NULL",
	)
	w.expect(
		"SELECT app, department, desktop_users, web_users, mobile_users FROM department_usage WHERE tenant_id = 'a'",
		"word|Sales|1|0|1",
	)
	w.expect(
		"SELECT app, desktop_users, web_users, mobile_users FROM app_usage WHERE tenant_id = 'a' AND report_period = 30 "+
			"ORDER BY app",
		"excel|0|0|0",
		"exchange|NULL|NULL|NULL",
		"outlook_app|NULL|1|0",
		"word|2|1|1",
	)
}
