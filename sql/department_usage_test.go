package sql_test

import "testing"

func TestDepartmentUsage(t *testing.T) {
	w := twoTenants(t)
	w.insert(
		"activity_metrics",
		"report_date, report_period, report, app, all_departments, department, licensed_users, active_users, "+
			"inactive_users, unreported_users, unlicensed_active_users, activity_percent, actions",
		"'a', '2026-11-20', 30, 'r', 'word', false, 'Closed', 1, 1, 0, 0, 0, 100, NULL",
		"'a', '2026-11-21', 30, 'r', 'word', true, NULL, 4, 1, 3, 1, 1, 25, NULL",
		"'a', '2026-11-21', 30, 'r', 'word', false, 'Sales', 3, 1, 2, 0, 0, 33.333333, NULL",
		"'a', '2026-11-21', 30, 'r', 'word', false, NULL, 1, 0, 1, 1, 0, 0, NULL",
		"'a', '2026-11-21', 30, 'r', 'word', false, 'Guests', 0, 0, 0, 0, 1, NULL, NULL",
		"'a', '2026-11-21', 7, 'all', 'cumulative', false, 'Sales', 3, 3, 0, 0, 0, 100, NULL",
		// Nobody has anything to do with Skype any more: the departments of the day before are gone.
		"'a', '2026-11-20', 30, 's', 'skype_for_business', false, 'Sales', 3, 1, 2, 0, 0, 33.333333, NULL",
		"'a', '2026-11-21', 30, 's', 'skype_for_business', true, NULL, 0, 0, 0, 0, 0, NULL, NULL",
		"'b', '2026-11-19', 30, 't', 'microsoft_teams', false, 'Sales', 1, 1, 0, 0, 0, 100, 17",
	)
	w.expect(
		"SELECT tenant_name, app_label, report_period, department, licensed_users, active_users, inactive_users, "+
			"activity_percent, unreported_users, unlicensed_active_users, actions, report_date FROM department_usage",
		"alpha|Any app|7|Sales|3|3|0|100|0|0|NULL|2026-11-21",
		"alpha|Word|30|Guests|0|0|0|NULL|0|1|NULL|2026-11-21",
		"alpha|Word|30|Sales|3|1|2|33.3|0|0|NULL|2026-11-21",
		"alpha|Word|30|NULL|1|0|1|0|1|0|NULL|2026-11-21",
		"beta|Microsoft Teams|30|Sales|1|1|0|100|0|0|17|2026-11-19",
	)
}
