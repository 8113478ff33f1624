package sql

import "testing"

func TestLicenseManagement(t *testing.T) {
	w := twoTenants(t)
	// Without rosters nothing is said about them.
	w.expect("SELECT DISTINCT active_in_sso, active_in_hris, last_sso_login_at FROM license_management", "NULL|NULL|NULL")
	w.insert("sso_roster", "user_principal_name, user_key, active, last_login_at, snapshot_date",
		"'a', 'anna@a', 1, false, '2026-11-01', '2026-11-23'",
		"'a', 'old-anna@a', 1, true, NULL, '2026-11-23'", // a second account under a former name
		"'a', 'stranger@a', NULL, true, NULL, '2026-11-23'")
	w.insert("hris_roster", "user_principal_name, email, user_key, active, company, snapshot_date",
		"'b', 'boris@b', NULL, 1, true, 'Beta', '2026-11-23'", "'b', NULL, 'x@b', NULL, true, 'Beta', '2026-11-23'")
	w.expect("SELECT user_principal_name, email, product_name, kind, granted, provisioned, provisioned_on, last_activity_date, company, active_in_sso, active_in_hris FROM license_management",
		"Anna@a|anna@mail|E3|paid|direct and group|true|2026-02-01|2026-11-20|Alpha|true|NULL",
		"bert@a|NULL|E3|paid|direct|true|2026-01-01|2026-11-01|Alpha|false|NULL",
		"bert@a|NULL|E5|paid|group|true|2026-01-01|2026-11-01|Alpha|false|NULL",
		"chloe@a|chloe@mail|E3|paid|group|true|2026-01-01|2026-06-01|NULL|false|NULL",
		"chloe@a|chloe@mail|E5|paid|group|false|NULL|2026-06-01|NULL|false|NULL",
		"chloe@a|chloe@mail|Visio|paid|direct|true|NULL|2026-06-01|NULL|false|NULL",
		"dora@a|NULL|E5|paid|unknown|true|NULL|NULL|NULL|false|NULL",
		"dora@a|NULL|Flow|free|direct|true|2026-01-01|NULL|NULL|false|NULL",
		"emil@a|NULL|E3|paid|direct|true|2026-11-20|NULL|NULL|false|NULL",
		"emil@a|NULL|NEW_THING|unknown|direct|true|2026-11-20|NULL|NULL|false|NULL",
		"emil@a|NULL|lost|unknown|direct|true|2026-11-20|NULL|NULL|false|NULL",
		"boris@b|NULL|E3|paid|direct|true|2026-01-01|NULL|Beta|NULL|true")
	w.expect("SELECT last_sso_login_at FROM license_management WHERE user_key = 1 AND tenant_id = 'a'", "2026-11-01")
}

func TestUsersDirectory(t *testing.T) {
	w := twoTenants(t)
	w.expect("SELECT user_key, user_principal_name, email, department, status, detected_on, applications, report_date, deleted_on FROM users_directory",
		"1|Anna@a|anna@mail|Sales|active|2026-01-01|[Word Exchange]|2026-11-21|NULL",
		"2|bert@a|NULL|NULL|disabled|2026-01-01|[]|2026-11-21|NULL",
		"3|chloe@a|chloe@mail|Sales|active|2026-01-01|[]|2026-11-21|NULL",
		"4|dora@a|NULL|NULL|active|2026-08-24|[]|2026-11-21|NULL",
		"5|emil@a|NULL|NULL|deleted|2026-01-01|[]|2026-11-21|2026-11-21",
		"6|emil@a|NULL|NULL|active|2026-11-21|[]|2026-11-21|NULL",
		"7|gast@x|NULL|NULL|guest|2026-01-01|[]|2026-11-21|NULL",
		"1|boris@b|NULL|Sales|active|2026-01-01|NULL|NULL|NULL") // nothing is measured in beta
}
