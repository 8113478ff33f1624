package sql_test

import "testing"

func TestInactiveUsers(t *testing.T) {
	w := twoTenants(t)
	w.withPrices()
	w.insert(
		"license_assignments",
		"user_key, sku_id, source, state, snapshot_date",
		"'a', 5, 'e3', 'direct', 'Active', '2026-11-20'",
	) // deleted
	w.expect(
		"SELECT user_principal_name, reason, last_activity_date, days_inactive, days_without_use, paid_licenses, "+
			"licenses, monthly_price, currency, paid_licenses_without_price FROM inactive_users",
		"chloe@a|inactive|2026-06-01|173|173|2|[E3 Visio]|33|EUR|1",
		"dora@a|never used|NULL|NULL|90|1|[E5 Flow]|50|EUR|0",
		"emil@a|new account|NULL|NULL|NULL|1|[E3 NEW_THING lost]|33|EUR|0",
	)
}

func TestLicenseInfo(t *testing.T) {
	w := twoTenants(t)
	w.withPrices()
	w.expect(
		"SELECT tenant_name, product_name, bought, assigned, available, idle, monthly_idle_cost, idle_as_of FROM "+
			"license_info",
		"alpha|E3|11|13|3|2|66|2026-11-21",
		"alpha|E5|3|4|0|1|50|2026-11-21",
		"alpha|Visio|2|1|1|1|NULL|2026-11-21",
		"alpha|Flow|10000|1|9999|1|NULL|2026-11-21",
		"alpha|NEW_THING|7|2|5|1|NULL|2026-11-21",
		"beta|E3|100|1|99|NULL|NULL|NULL",
	)
}
