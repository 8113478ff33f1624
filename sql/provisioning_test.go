package sql_test

import "testing"

// Actions of tenant a: 1 to 3 were done, 4 was tried twice, 5 and 6 wait, 7 was refused, 8 is for
// somebody who was deleted and made anew.
func provisioned(t *testing.T) *warehouse {
	w := twoTenants(t)
	w.insert(
		"provisioning_actions",
		"action_id, action, target_user, sku, new_sku, requested_by, requested_at, status, plan_id, outcome, basis, "+
			"monthly_saving, currency, snapshot_date",
		"'a', 1, 'remove_license', 'ANNA@a', 'SPE_E3', NULL, 'carl', '2026-11-20', 'applied', 'p1', 'removed', "+
			"'inactive', 30, 'EUR', '2026-11-23'",
		"'a', 2, 'enable_user', 'bert@a', NULL, NULL, NULL, '2026-11-20', 'applied', 'p1', NULL, NULL, NULL, NULL, "+
			"'2026-11-23'",
		"'a', 3, 'swap_license', 'chloe@a', 'SPE_E5', 'SPE_E3', 'carl', '2026-11-20', 'applied', 'p1', NULL, NULL, NULL, "+
			"NULL, '2026-11-23'",
		"'a', 4, 'assign_license', 'dora@a', 'SPE_E5', NULL, 'carl', '2026-11-20', 'applied', 'p2', NULL, NULL, -50, "+
			"'EUR', '2026-11-23'",
		"'a', 5, 'disable_user', 'u1', NULL, NULL, 'carl', '2026-11-21', 'requested', NULL, NULL, NULL, NULL, NULL, "+
			"'2026-11-23'",
		"'a', 6, 'swap_license', 'Anna@A', 'SPE_E5', 'SPE_E3', 'carl', '2026-11-21', 'waiting_for_seat', 'p1', 'no seat', "+
			"NULL, NULL, NULL, '2026-11-23'",
		"'a', 7, 'delete_user', 'anna@a', NULL, NULL, 'carl', '2026-11-21', 'refused', 'p1', 'protected', NULL, NULL, "+
			"NULL, '2026-11-23'",
		"'a', 8, 'restore_user', 'emil@a', NULL, NULL, 'carl', '2026-11-21', 'planned', 'p3', NULL, NULL, NULL, NULL, "+
			"'2026-11-23'",
		"'b', 9, 'disable_user', 'boris@b', NULL, NULL, 'carl', '2026-11-21', 'requested', NULL, NULL, NULL, NULL, NULL, "+
			"'2026-11-23'",
	)
	w.insert(
		"provisioning_plans",
		"plan_id, status, created_by, created_at, expires_at, approved_by, approved_at, snapshot_date",
		"'a', 'p1', 'applied', 'carl', '2026-11-20', '2026-11-21', 'dana', '2026-11-20 10:00:00+00', '2026-11-23'",
		"'a', 'p2', 'applied', 'carl', '2026-11-21', '2026-11-22', NULL, NULL, '2026-11-23'",
	)
	w.insert(
		"provisioning_ledger",
		"entry_id, run_id, plan_id, action_id, recorded_at, event, action, user_id, user_principal_name, before, after, "+
			"detail, actor, hash",
		`'a', 1, 'r1', 'p1', 1, '2026-11-20 11:00:00+00', 'intent', 'remove_license', 'u1', 'anna@a', '{}',
			'{"licenses":{"e3":{"assigned":false}}}', NULL, 'dana', 'x'`,
		`'a', 2, 'r1', 'p1', 1, '2026-11-20 11:00:01+00', 'done', 'remove_license', 'u1', 'anna@a', '{}',
			'{"licenses":{"e3":{"assigned":false}}}', NULL, 'dana', 'x'`,
		`'a', 3, 'r1', 'p1', 2, '2026-11-23 01:30:00+00', 'settled', 'enable_user', 'u2', 'bert@a', '{}',
			'{"account":"live","enabled":true,"usage_location":"DE"}', NULL, 'dana', 'x'`,
		`'a', 4, 'r1', 'p1', 3, '2026-11-20 11:00:03+00', 'done', 'swap_license', 'u3', 'chloe@a', '{}',
			'{"licenses":{"e5":{"assigned":false},"visio":{"assigned":true,"disabled_plans":["p9"]},"e3":{"assigned":true}},`+
			`"groups":{"g":true}}', NULL, 'dana', 'x'`,
		`'a', 5, 'r1', 'p1', 4, '2026-11-20 11:00:04+00', 'postponed', 'assign_license', 'u4', 'dora@a', '{}',
			'{"licenses":{"e5":{"assigned":true}}}', 'no seat', 'dana', 'x'`,
		`'a', 6, 'r2', 'p2', 4, '2026-11-21 11:00:04+00', 'done', 'assign_license', 'u4', 'dora@a', '{}',
			'{"licenses":{"e5":{"assigned":true}}}', NULL, 'carl', 'x'`,
		// Emil's first account was deleted, and still is; an account was created that the directory does not list.
		`'a', 7, 'r2', 'p2', 91, '2026-11-21 11:00:05+00', 'done', 'delete_user', 'u5', 'emil@a', '{}',
			'{"account":"deleted"}', NULL, 'carl', 'x'`,
		`'a', 8, 'r2', 'p2', 92, '2026-11-21 11:00:06+00', 'mismatch', 'create_user', 'u99', 'new@a', '{}',
			'{"account":"live","enabled":true}', NULL, 'carl', 'x'`,
		// Later than the listing.
		`'a', 9, 'r3', 'p2', 93, '2026-11-23 03:00:00+00', 'done', 'disable_user', 'u3', 'chloe@a', '{}',
			'{"enabled":false}', NULL, 'carl', 'x'`,
		// An interrupted try.
		`'a', 10, 'r3', 'p2', 5, '2026-11-23 03:00:00+00', 'intent', 'disable_user', 'u1', 'anna@a', '{}',
			'{"enabled":false}', NULL, 'carl', 'x'`,
	)
	w.insert(
		"run_steps",
		"run_day, run_id, stage, source, status, started_at, seconds, rows, bytes",
		"'a', '2026-11-23', 'n', 'extract', 'users', 'done', '2026-11-23 02:00:00+00', 1, 1, 1",
		"'a', '2026-11-23', 'n', 'transform', 'users', 'done', '2026-11-23 02:10:00+00', 1, 1, 1",
		// Was pulled later, but could not be read.
		"'a', '2026-11-23', 'm', 'extract', 'users', 'done', '2026-11-23 04:00:00+00', 1, 1, 1",
		"'a', '2026-11-23', 'm', 'transform', 'users', 'failed', '2026-11-23 04:10:00+00', 1, 1, 1",
	)
	return w
}

func TestProvisioningHistory(t *testing.T) {
	w := provisioned(t)
	w.expect(
		"SELECT action_id, user_principal_name, what, status, outcome, requested_by, approved_by, applied_by, event, "+
			"monthly_saving, entry_id FROM provisioning_history ORDER BY action_id, entry_id",
		"1|anna@a|SPE_E3|applied|removed|carl|dana|dana|done|30|2",
		"2|bert@a|NULL|applied|NULL|NULL|dana|dana|settled|NULL|3",
		"3|chloe@a|SPE_E5 -> SPE_E3|applied|NULL|carl|dana|dana|done|NULL|4",
		"4|dora@a|SPE_E5|applied|no seat|carl|dana|dana|postponed|-50|5",
		"4|dora@a|SPE_E5|applied|NULL|carl|NULL|carl|done|-50|6",
		"5|anna@a|NULL|requested|NULL|carl|NULL|carl|interrupted|NULL|10",
		"6|Anna@A|SPE_E5 -> SPE_E3|waiting_for_seat|no seat|carl|dana|NULL|NULL|NULL|NULL",
		"7|anna@a|NULL|refused|protected|carl|dana|NULL|NULL|NULL|NULL",
		"8|emil@a|NULL|planned|NULL|carl|NULL|NULL|NULL|NULL|NULL",
		"9|boris@b|NULL|requested|NULL|carl|NULL|NULL|NULL|NULL|NULL",
	)
}

func TestProvisioningDrift(t *testing.T) {
	w := provisioned(t)
	w.expect(
		"SELECT user_principal_name, aspect, product_name, expected, found, left(explanation, 11), entry_id, user_key "+
			"FROM provisioning_drift",
		"bert@a|sign-in|NULL|enabled|disabled|may be late|3|2",
		"bert@a|usage location|NULL|DE|none|may be late|3|2",
		"new@a|account|NULL|live|deleted|reading bac|8|NULL",
		"chloe@a|license|E3|assigned|not assigned|changed sin|4|3",
		"chloe@a|license|Visio|assigned without p9|assigned|changed sin|4|3",
		"anna@a|license|E3|not assigned|assigned without p2|changed sin|2|1",
	)
	// A user who is gone has that as the only difference, and a later entry replaces an earlier one.
	w.exec("UPDATE users SET deleted_at = '2026-11-23' WHERE tenant_id = 'a' AND user_id IN ('u1', 'u2')")
	w.exec(
		"UPDATE provisioning_ledger SET after = " +
			"'{\"licenses\":{\"e3\":{\"assigned\":false},\"visio\":{\"assigned\":true}}}', user_id = 'u3' WHERE entry_id = 6",
	)
	w.expect("SELECT user_principal_name, aspect, expected, found, entry_id FROM provisioning_drift",
		"bert@a|account|live|deleted|3", "new@a|account|live|deleted|8")
	// What the directory does not say is no difference.
	w.exec(
		"UPDATE users SET deleted_at = NULL, account_enabled = NULL WHERE tenant_id = 'a' AND user_id IN ('u1', 'u2')",
	)
	w.exec(
		"UPDATE license_assignments SET source = 'unknown' WHERE tenant_id = 'a' AND user_key = 1 AND source = 'direct'",
	)
	w.expect("SELECT user_principal_name, aspect, expected, found, entry_id FROM provisioning_drift",
		"bert@a|usage location|DE|none|3", "new@a|account|live|deleted|8")
}

func TestPendingRequests(t *testing.T) {
	w := provisioned(t)
	w.expect(
		"SELECT tenant_id, user_key, pending_requests FROM users_directory WHERE len(pending_requests) > 0 ORDER BY ALL",
		"a|1|[disable_user swap_license SPE_E5 SPE_E3]",
		"a|5|[restore_user]",
		"b|1|[disable_user]",
	)
	w.expect("SELECT count(*) FROM users_directory WHERE pending_requests IS NULL", "0")
}
