package sql_test

import "testing"

func TestLicenseManagement(t *testing.T) {
	w := twoTenants(t)
	// Without rosters nothing is said about them.
	w.expect(
		"SELECT DISTINCT active_in_sso, active_in_hris, last_sso_login_at FROM license_management",
		"NULL|NULL|NULL",
	)
	w.insert("sso_roster", "user_principal_name, user_key, active, last_login_at, snapshot_date",
		"'a', 'anna@a', 1, false, '2026-11-01', '2026-11-23'",
		"'a', 'old-anna@a', 1, true, NULL, '2026-11-23'", // a second account under a former name
		"'a', 'stranger@a', NULL, true, NULL, '2026-11-23'")
	w.insert("hris_roster", "user_principal_name, email, user_key, active, company, snapshot_date",
		"'b', 'boris@b', NULL, 1, true, 'Beta', '2026-11-23'", "'b', NULL, 'x@b', NULL, true, 'Beta', '2026-11-23'")
	w.expect(
		"SELECT user_principal_name, email, product_name, kind, granted, provisioned, provisioned_on, last_activity_date, "+
			"company, active_in_sso, active_in_hris FROM license_management",
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
		"boris@b|NULL|E3|paid|direct|true|2026-01-01|NULL|Beta|NULL|true",
	)
	w.expect("SELECT last_sso_login_at FROM license_management WHERE user_key = 1 AND tenant_id = 'a'", "2026-11-01")
}

// rolesAndSignIns adds what the directory says of administrators, groups, managers and sign-ins. Both
// tenants have a user 1 and a group g1.
func (w *warehouse) rolesAndSignIns() {
	w.insert("user_roles", "user_key, role_id, role_name, scope, through_group_id, snapshot_date",
		"'a', 1, 'r2', 'User Administrator', '/', NULL, '2026-11-23'",
		"'a', 1, 'r2', 'User Administrator', '/administrativeUnits/x', 'g9', '2026-11-23'", // the same role twice
		"'a', 1, 'r1', 'Global Administrator', '/', NULL, '2026-11-23'",
		"'a', 3, 'r3', NULL, '/', NULL, '2026-11-23'",
		"'b', 1, 'r4', 'Helpdesk Administrator', '/', NULL, '2026-11-23'")
	w.insert("license_groups", "group_id, display_name, sku_ids, dynamic, snapshot_date",
		"'a', 'g1', 'Office, all', ['e3'], false, '2026-11-23'",
		"'a', 'g5', NULL, ['e5'], false, '2026-11-23'",
		"'b', 'g1', 'Beta group', ['e3'], false, '2026-11-23'")
	w.insert("license_assignments", "user_key, sku_id, source, assigned_by_group_id, state, snapshot_date",
		"'b', 1, 'e3', 'group', 'g1', 'Active', '2026-11-23'",
		"'b', 1, 'e3', 'group', 'g0', 'Active', '2026-11-23'")
	w.insert(
		"sign_ins",
		"snapshot_date, user_key, last_sign_in_at, last_non_interactive_sign_in_at, last_successful_sign_in_at",
		"'a', '2026-11-22', 1, '2026-11-22', '2026-11-22', '2026-11-22'",
		"'a', '2026-11-22', 5, '2026-11-19', NULL, '2026-11-19'", // deleted since
		"'a', '2026-11-23', 1, '2026-11-23', '2026-11-23', '2026-11-21'",
		"'a', '2026-11-23', 2, '2023-05-01', '2023-06-01', NULL",
		"'a', '2026-11-23', 3, NULL, '2023-06-01', NULL",
		"'a', '2026-11-23', 4, NULL, NULL, NULL",
		"'b', '2026-11-20', 1, NULL, NULL, '2026-11-19'",
	) // beta's newest is older
	w.exec(
		"UPDATE users SET manager_id = CASE user_key WHEN 1 THEN 'u7' WHEN 2 THEN 'u1' WHEN 3 THEN 'u1' WHEN 4 THEN " +
			"'contact' END WHERE tenant_id = 'a'",
	)
	w.exec("UPDATE users SET manager_id = 'u1' WHERE tenant_id = 'b'") // who is in the other tenant
}

func TestLicenseManagementRolesAndSignIns(t *testing.T) {
	w := twoTenants(t)
	const question = "SELECT user_principal_name, sku_id, role, group_ids, group_names, last_logged_in_at, " +
		"last_logged_in_signal FROM license_management"
	w.expect(
		"SELECT DISTINCT role, group_ids = group_names, last_logged_in_at, last_logged_in_signal FROM license_management",
		"NULL|true|NULL|NULL",
	)
	w.rolesAndSignIns()
	w.expect(question,
		"Anna@a|e3|Global Administrator, User Administrator|[g1]|[Office, all]|2026-11-21|successful",
		"bert@a|e3|NULL|[]|[]|2023-05-01|interactive attempt",
		"bert@a|e5|NULL|[g5]|[g5]|2023-05-01|interactive attempt",
		"chloe@a|e3|r3|[g1]|[Office, all]|2023-06-01|non-interactive attempt",
		"chloe@a|e5|r3|[g5]|[g5]|2023-06-01|non-interactive attempt",
		"chloe@a|visio|r3|[]|[]|2023-06-01|non-interactive attempt",
		"dora@a|e5|NULL|[]|[]|NULL|NULL",
		"dora@a|flow|NULL|[]|[]|NULL|NULL",
		"emil@a|e3|NULL|[]|[]|NULL|NULL",
		"emil@a|new|NULL|[]|[]|NULL|NULL",
		"emil@a|lost|NULL|[]|[]|NULL|NULL",
		"boris@b|e3|Helpdesk Administrator|[g0 g1]|[g0 Beta group]|2026-11-19|successful")
}

func TestUsersDirectoryGroupsAndManagers(t *testing.T) {
	w := twoTenants(t)
	w.expect("SELECT DISTINCT manager, last_logged_in_at FROM users_directory", "NULL|NULL")
	w.rolesAndSignIns()
	w.expect("SELECT user_key, manager, groups, last_logged_in_at FROM users_directory",
		"1|gast@x|[Office, all]|2026-11-21", // by g2 the licence failed
		"2|Anna|[g5]|2023-05-01",
		"3|Anna|[Office, all]|2023-06-01",
		"4|NULL|[]|NULL",
		"5|NULL|[]|NULL",
		"6|NULL|[]|NULL",
		"7|NULL|[]|NULL",
		"1|NULL|[Beta group g0]|2026-11-19")
}

func TestUsersDirectory(t *testing.T) {
	w := twoTenants(t)
	w.expect(
		"SELECT user_key, user_principal_name, email, department, status, detected_on, applications, report_date, "+
			"deleted_on FROM users_directory",
		"1|Anna@a|anna@mail|Sales|active|2026-01-01|[Word Exchange]|2026-11-21|NULL",
		"2|bert@a|NULL|NULL|disabled|2026-01-01|[]|2026-11-21|NULL",
		"3|chloe@a|chloe@mail|Sales|active|2026-01-01|[]|2026-11-21|NULL",
		"4|dora@a|NULL|NULL|active|2026-08-24|[]|2026-11-21|NULL",
		"5|emil@a|NULL|NULL|deleted|2026-01-01|[]|2026-11-21|2026-11-21",
		"6|emil@a|NULL|NULL|active|2026-11-21|[]|2026-11-21|NULL",
		"7|gast@x|NULL|NULL|guest|2026-01-01|[]|2026-11-21|NULL",
		"1|boris@b|NULL|Sales|active|2026-01-01|NULL|NULL|NULL",
	) // nothing is measured in beta
}
