package sql_test

import "testing"

func TestSKUsCurrent(t *testing.T) {
	w := twoTenants(t)
	w.withPrices()
	w.expect(
		"SELECT tenant_name, product_name, kind, bought, warning, suspended, assigned, available, monthly_price, currency "+
			"FROM skus_current ORDER BY ALL",
		"alpha|E3|paid|11|5|2|13|3|33|EUR",
		"alpha|E5|paid|3|0|0|4|0|50|EUR", // more assigned than bought
		"alpha|Flow|free|10000|0|0|1|9999|NULL|NULL",
		"alpha|NEW_THING|unknown|7|0|0|2|5|NULL|NULL",
		"alpha|Visio|paid|2|0|0|1|1|NULL|NULL",
		"beta|E3|paid|100|0|0|1|99|NULL|NULL",
	) // the prices are alpha's
}

func TestLicensesHeld(t *testing.T) {
	w := twoTenants(t)
	w.insert(
		"license_assignments",
		"user_key, sku_id, source, assigned_by_group_id, state, disabled_plans, snapshot_date",
		// Two groups leave out different plans, so that the user has all; the direct way adds nothing.
		"'b', 2, 'e3', 'direct', NULL, 'Active', [], '2026-11-23'",
		"'b', 2, 'e3', 'group', 'g1', 'Active', ['p1', 'p2'], '2026-11-23'",
		"'b', 2, 'e3', 'group', 'g2', 'Active', ['p2', 'p3'], '2026-11-23'",
		"'b', 3, 'e3', 'direct', NULL, 'Active', ['p2'], '2026-11-23'",
		"'b', 3, 'e3', 'group', 'g1', 'Active', ['p1', 'p2'], '2026-11-23'",
		"'b', 3, 'e3', 'group', 'g2', 'Active', ['p2', 'p3'], '2026-11-23'",
	)
	w.expect(
		"SELECT tenant_id, user_key, sku_id, granted, group_ids, provisioned, provisioned_on, error, disabled_plans, "+
			"direct_is_spare FROM licenses_held ORDER BY ALL",
		"a|1|e3|direct and group|[g1]|true|2026-02-01|CountViolation|[p2]|true",
		"a|2|e3|direct|[]|true|2026-01-01|NULL|[]|true",
		"a|2|e5|group|[g5]|true|2026-01-01|MutuallyExclusiveViolation|[]|true",
		"a|3|e3|group|[g1]|true|2026-01-01|NULL|[]|true",
		"a|3|e5|group|[g5]|false|NULL|CountViolation|[]|true",
		"a|3|visio|direct|[]|true|NULL|NULL|[]|true",
		"a|4|e5|unknown|[]|true|NULL|NULL|[]|true",
		"a|4|flow|direct|[]|true|2026-01-01|NULL|[]|true",
		"a|6|e3|direct|[]|true|2026-11-20|NULL|[]|true",
		"a|6|lost|direct|[]|true|2026-11-20|NULL|[]|true",
		"a|6|new|direct|[]|true|2026-11-20|NULL|[]|true",
		"b|1|e3|direct|[]|true|2026-01-01|NULL|[]|true",
		"b|2|e3|direct and group|[g1 g2]|true|NULL|NULL|[]|false",
		"b|3|e3|direct and group|[g1 g2]|true|NULL|NULL|[p2]|true",
	)
}
