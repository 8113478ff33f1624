package sql_test

import "testing"

func TestRenewals(t *testing.T) {
	w := twoTenants(t)
	w.withPrices()
	w.expect(
		"SELECT tenant_name, subscription_id, product_name, kind, status, is_trial, seats, next_lifecycle_on, days_left, "+
			"product_assigned, product_idle, monthly_cost, yearly_cost, currency FROM renewals",
		"alpha|s3|E3|paid|Suspended|false|2|2026-11-20|-3|13|2|66|792|EUR",
		"alpha|s2|E3|paid|Warning|false|5|2026-12-15|22|13|2|165|1980|EUR",
		"alpha|s4|E5|paid|Enabled|false|3|2027-01-31|69|4|1|150|1800|EUR",
		"alpha|s1|E3|paid|Enabled|false|10|2027-03-31|128|13|2|330|3960|EUR",
		"alpha|s5|ODD|unknown|Enabled|true|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL",
		"beta|t1|E3|paid|Enabled|false|100|2026-11-24|1|1|NULL|NULL|NULL|NULL",
	)
}

func TestUnknownProducts(t *testing.T) {
	w := twoTenants(t)
	w.insert(
		"skus",
		"snapshot_date, subscribed_sku_id, sku_id, sku_part_number, product_name, kind, enabled_units, warning_units, "+
			"suspended_units, consumed_units",
		"'b', '2026-11-23', 'b_p', 'p', 'PREVIEW', 'Thing (Preview)', 'unknown', 5, 0, 0, 0",
	)
	w.expect(
		"SELECT tenant_name, sku_part_number, product_name, problem, bought, assigned, users, sku_id FROM "+
			"unknown_products ORDER BY ALL",
		"alpha|NEW_THING|NEW_THING|no name known|7|2|1|new",
		"alpha|lost|lost|not among the products of the tenant|NULL|NULL|1|lost",
		"beta|PREVIEW|Thing (Preview)|kind not known|5|0|0|p",
	)
}
