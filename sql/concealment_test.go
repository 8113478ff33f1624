package sql_test

import "testing"

// concealed lets names be concealed in alpha from 2026-11-24 on, and from the beginning in beta.
func (w *warehouse) concealed() {
	w.insert("report_status", "run_day, report, report_period, status, report_date, rows, unmatched_rows, run_id",
		"'a', '2026-11-24', 'r', 30, 'concealed', '2026-11-22', 5, 5, 'y1'",
		"'a', '2026-11-25', 's', 30, 'good', '2026-11-23', 5, 5, 'y2'", // which shows no names at all
		"'a', '2026-11-25', 'r', 30, 'concealed', '2026-11-23', 5, 5, 'y2'",
		"'a', '2026-11-26', 'r', 30, 'failed', NULL, 0, 0, 'y3'", // says nothing
		"'b', '2026-11-23', 'r', 30, 'concealed', '2026-11-21', 1, 1, 'x'")
	w.insert(
		"concealed_metrics",
		"report_date, report_period, report, app, licensed_users, active_users, inactive_users, activity_percent, actions",
		"'a', '2026-11-22', 30, 'all', 'cumulative', 5, 2, 3, 40, NULL",
		"'a', '2026-11-23', 30, 'all', 'cumulative', 5, 3, 2, 60, NULL",
		"'a', '2026-11-23', 30, 'r', 'word', 4, 6, 0, 100, NULL",
		"'a', '2026-11-23', 90, 's', 'exchange', 4, 1, 3, 25, 17",
		"'b', '2026-11-21', 30, 'all', 'cumulative', 1, 0, 1, 0, NULL",
	)
}

const remedy = `; to see names, clear "Display concealed user, group, and site names in all reports" under Settings ` +
	`> Org settings > Services > Reports in the Microsoft 365 admin center`

func TestConcealment(t *testing.T) {
	const question = "SELECT tenant_name, names_concealed, concealed_since, activity_known, known_until, " +
		"pseudonyms_until, activity_note FROM concealment"
	w := twoTenants(t)
	w.expect(question,
		"alpha|false|NULL|true|2026-11-21|NULL|NULL",
		"beta|false|NULL|false|NULL|NULL|nothing is measured yet: that needs every configured report over 30 days")
	w.concealed()
	w.expect(
		question,
		"alpha|true|2026-11-24|false|2026-11-21|2026-11-23|names are concealed since 2026-11-24; activity by person is "+
			"known up to 2026-11-21"+remedy,
		"beta|true|2026-11-23|false|NULL|2026-11-21|names are concealed since 2026-11-23; activity by person was never "+
			"known"+remedy,
	)
	// The setting was changed since.
	w.exec("UPDATE organizations SET concealed_names = false WHERE tenant_id = 'a'")
	w.expect(
		"SELECT concealed_by_setting, activity_note FROM concealment WHERE tenant_id = 'a'",
		"false|names are concealed since 2026-11-24; activity by person is known up to 2026-11-21; the next run should "+
			"have them",
	)
	// A night with names of which one report is missing, and one with all of them.
	w.insert(
		"report_status",
		"run_day, report, report_period, status, report_date, rows, unmatched_rows, run_id",
		"'a', '2026-11-27', 'r', 30, 'good', '2026-11-25', 5, 0, 'z1'",
		"'a', '2026-11-27', 's', 30, 'failed', NULL, 0, 0, 'z1'",
	)
	w.expect(
		"SELECT names_concealed, activity_known, activity_note FROM concealment WHERE tenant_id = 'a'",
		"false|false|names were concealed, and not all reports have come since; activity by person is known up to "+
			"2026-11-21; the next run should have them",
	)
	w.insert(
		"app_activity",
		"report_date, report_period, report, app, user_key, licensed, active",
		"'a', '2026-11-25', 30, 'all', 'cumulative', 1, true, true",
	)
	w.expect(
		"SELECT names_concealed, activity_known, known_until, activity_note FROM concealment WHERE tenant_id = 'a'",
		"false|true|2026-11-25|NULL",
	)
	// Concealed again, but Microsoft has nothing newer yet: what is known is the newest there is.
	w.insert(
		"report_status",
		"run_day, report, report_period, status, report_date, rows, unmatched_rows, run_id",
		"'a', '2026-11-28', 'r', 30, 'concealed', '2026-11-25', 5, 5, 'z2'",
	)
	w.insert(
		"concealed_metrics",
		"report_date, report_period, report, app, licensed_users, active_users, inactive_users",
		"'a', '2026-11-25', 30, 's', 'exchange', 5, 2, 3",
	)
	w.expect(
		"SELECT names_concealed, concealed_since, activity_known, activity_note FROM concealment WHERE tenant_id = 'a'",
		"true|2026-11-28|true|NULL",
	)
}

func TestAppUsageOfPseudonyms(t *testing.T) {
	w := twoTenants(t)
	w.insert(
		"activity_metrics",
		"report_date, report_period, report, app, all_departments, department, licensed_users, active_users, "+
			"inactive_users, unreported_users, unlicensed_active_users, activity_percent, actions",
		"'a', '2026-11-21', 30, 'all', 'cumulative', true, NULL, 5, 2, 3, 1, 0, 40, NULL",
		"'a', '2026-11-21', 30, 'all', 'cumulative', false, 'Sales', 2, 1, 1, 0, 0, 50, NULL",
		"'a', '2026-11-23', 30, 'r', 'word', true, NULL, 4, 2, 2, 1, 4, 50, NULL", // the same day with names
		"'a', '2026-11-24', 90, 's', 'exchange', true, NULL, 4, 2, 2, 0, 0, 50, 18",
	)
	w.concealed()
	w.expect(
		"SELECT tenant_name, app, report_period, report_date, licensed_users, active_users, inactive_users, "+
			"activity_percent, unreported_users, unlicensed_active_users, actions, names_concealed FROM app_usage",
		"alpha|cumulative|30|2026-11-23|5|3|2|60|NULL|NULL|NULL|true",
		"alpha|word|30|2026-11-23|4|2|2|50|1|4|NULL|false",
		"alpha|exchange|90|2026-11-24|4|2|2|50|0|0|18|false",
		"beta|cumulative|30|2026-11-21|1|0|1|0|NULL|NULL|NULL|true",
	)
	w.expect(
		"SELECT department, active_users, report_date, activity_known FROM department_usage",
		"Sales|1|2026-11-21|false",
	)
}

// Without names nobody is called inactive, and the views say why. What has its own day stays.
func TestPeopleWhileNamesAreConcealed(t *testing.T) {
	w := twoTenants(t)
	w.withPrices()
	w.expect("SELECT DISTINCT activity_known, activity_note FROM license_management WHERE tenant_id = 'a'", "true|NULL")
	w.concealed()
	w.expect(
		"SELECT user_principal_name, product_name, reason, confidence, activity_known FROM reclaimable_licenses ORDER BY ALL",
		"Anna@a|E3|duplicate|high|false",
		"bert@a|E3|disabled account|high|false",
		"bert@a|E5|disabled account|high|false",
	)
	w.expect(
		"SELECT user_principal_name, reason, last_activity_date, days_inactive, days_without_use, activity_known FROM "+
			"inactive_users",
		"chloe@a|unknown|2026-06-01|NULL|NULL|false",
		"dora@a|unknown|NULL|NULL|NULL|false",
		"emil@a|unknown|NULL|NULL|NULL|false",
	)
	w.expect(
		"SELECT DISTINCT tenant_name, idle, monthly_idle_cost, idle_as_of, activity_known FROM license_info ORDER BY ALL",
		"alpha|NULL|NULL|2026-11-21|false",
		"beta|NULL|NULL|NULL|false",
	)
	w.expect("SELECT DISTINCT product_idle FROM renewals", "NULL")
	w.expect(
		"SELECT last_activity_date, activity_known FROM license_management WHERE user_key = 1 AND tenant_id = 'a'",
		"2026-11-20|false",
	)
	w.expect("SELECT last_activity_date, activity_known FROM licensed_but_disabled", "2026-11-01|false")
	w.expect(
		"SELECT applications, report_date, activity_known FROM users_directory WHERE user_key = 1",
		"[Word Exchange]|2026-11-21|false",
		"NULL|NULL|false",
	)
	for _, view := range []string{"department_usage", "inactive_users", "license_info", "license_management",
		"licensed_but_disabled", "reclaimable_licenses", "renewals", "users_directory"} {
		w.expect(
			"SELECT count(*) FROM "+view+" WHERE tenant_id = 'a' AND activity_note IS DISTINCT FROM 'names are concealed "+
				"since 2026-11-24; activity by person is known up to 2026-11-21"+remedy+"'",
			"0",
		)
	}
	w.expect("SELECT report, status, report_date, concealed_report_date FROM data_freshness",
		"r|failed|2026-11-21|2026-11-23", "s|good|2026-11-23|NULL", "r|concealed|NULL|2026-11-21")
}
