package sql_test

import "testing"

func TestLicenseOverlaps(t *testing.T) {
	const question = "SELECT tenant_name, user_principal_name, overlap, product_name, covered_by, loses_nothing, " +
		"granted, group_ids, monthly_price, monthly_saving FROM license_overlaps ORDER BY ALL"
	w := twoTenants(t)
	w.expect(question,
		"alpha|Anna@a|direct and group|E3|E3|true|direct and group|[g1]|NULL|NULL",
		"alpha|bert@a|contained|E3|E5|true|direct|[]|NULL|NULL")
	w.withPrices()
	// Chloe's second E3 leaves less out than her group does; Dora's E5 leaves out what E3 has; and
	// Emil has two products with the same plan, of which only one can go.
	w.insert(
		"license_assignments",
		"user_key, sku_id, source, assigned_by_group_id, state, disabled_plans, snapshot_date",
		"'a', 4, 'e3', 'direct', NULL, 'Active', [], '2026-11-23'",
		"'a', 6, 'flow', 'direct', NULL, 'Active', [], '2026-11-23'",
	)
	w.exec("UPDATE license_assignments SET disabled_plans = ['p1'] WHERE user_key = 4 AND sku_id = 'e5'")
	w.exec("UPDATE license_assignments SET disabled_plans = ['p1'] WHERE user_key = 3 AND sku_id = 'e3'")
	w.insert(
		"license_assignments",
		"user_key, sku_id, source, assigned_by_group_id, state, disabled_plans, snapshot_date",
		"'a', 3, 'e3', 'direct', NULL, 'Active', [], '2026-11-23'",
	)
	w.expect(question,
		"alpha|Anna@a|direct and group|E3|E3|true|direct and group|[g1]|33|0",
		"alpha|bert@a|contained|E3|E5|true|direct|[]|33|33",
		"alpha|chloe@a|direct and group|E3|E3|false|direct and group|[g1]|33|0",
		"alpha|dora@a|contained|E3|E5|false|direct|[]|33|33",
		"alpha|emil@a|contained|NEW_THING|Flow|true|direct|[]|NULL|NULL")
}

func TestLicensedButDisabled(t *testing.T) {
	const question = "SELECT user_principal_name, paid_licenses, licenses, monthly_price, currency, " +
		"paid_licenses_without_price, group_ids, last_activity_date, disabled_as_of FROM licensed_but_disabled"
	w := twoTenants(t)
	w.expect(question, "bert@a|2|[E3 E5]|NULL|NULL|2|[g5]|2026-11-01|2026-11-23")
	w.withPrices()
	w.exec("UPDATE users SET account_enabled = false WHERE tenant_id = 'a' AND user_key IN (3, 5, 7)")
	w.expect(question,
		"bert@a|2|[E3 E5]|83|EUR|0|[g5]|2026-11-01|2026-11-23",
		"chloe@a|2|[E3 Visio]|33|EUR|1|[g1]|2026-06-01|2026-11-23")
}
