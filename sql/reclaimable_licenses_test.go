package sql_test

import "testing"

func TestReclaimableLicenses(t *testing.T) {
	w := twoTenants(t)
	w.withPrices()
	w.expect(
		"SELECT user_principal_name, product_name, reason, confidence, evidence_date, days_inactive, days_behind, "+
			"granted, group_ids, monthly_saving, yearly_saving, currency, recoverable_on, recoverable_on_is_certain FROM "+
			"reclaimable_licenses",
		"bert@a|E5|disabled account|high|2026-11-23|NULL|2|group|[g5]|50|600|EUR|2027-01-31|true",
		"bert@a|E3|disabled account|high|2026-11-23|NULL|2|direct|[]|33|396|EUR|2026-12-15|false",
		"chloe@a|E3|inactive|high|2026-06-01|173|2|group|[g1]|33|396|EUR|2026-12-15|false",
		"Anna@a|E3|duplicate|high|2026-11-23|NULL|2|direct and group|[g1]|0|0|EUR|2026-12-15|false",
		"dora@a|E5|never used|medium|2026-11-21|90|2|unknown|[]|50|600|EUR|2027-01-31|true",
		"chloe@a|Visio|inactive|medium|2026-06-01|173|2|direct|[]|NULL|NULL|NULL|NULL|NULL", // no report shows Visio
		"emil@a|E3|not reported|low|2026-11-21|NULL|2|direct|[]|33|396|EUR|2026-12-15|false",
	)
	w.expect("SELECT DISTINCT reason, evidence FROM reclaimable_licenses ORDER BY ALL",
		"disabled account|users: account_enabled is false",
		"duplicate|license_assignments: held directly and by group",
		"inactive|usage reports: last activity in any app",
		"never used|usage reports: list the user without any activity",
		"not reported|usage reports: do not list the user")
}

// Late reports, and accounts that were just made, make a verdict uncertain; without any report only
// the directory speaks.
func TestReclaimableLicensesConfidence(t *testing.T) {
	const question = "SELECT user_principal_name, product_name, reason, confidence, days_behind FROM " +
		"reclaimable_licenses WHERE tenant_id = 'a' ORDER BY ALL"
	w := twoTenants(t)
	w.insert(
		"report_status",
		"run_day, report, report_period, status, rows, unmatched_rows, run_id",
		"'a', '2026-11-26', 'r', 30, 'concealed', 5, 5, 'y'",
	)
	w.exec("UPDATE users SET account_enabled = false WHERE user_key = 6")
	w.expect(question,
		"Anna@a|E3|duplicate|high|5",
		"bert@a|E3|disabled account|high|5",
		"bert@a|E5|disabled account|high|5",
		"chloe@a|E3|inactive|low|5",
		"chloe@a|Visio|inactive|low|5",
		"dora@a|E5|never used|low|5",
		"emil@a|E3|disabled account|low|5") // made six days before: perhaps somebody who begins soon
	w.exec("DELETE FROM app_activity")
	w.expect(question,
		"Anna@a|E3|duplicate|high|NULL",
		"bert@a|E3|disabled account|high|NULL",
		"bert@a|E5|disabled account|high|NULL",
		"emil@a|E3|disabled account|low|NULL")
	w.expect("SELECT count(*) FROM reclaimable_licenses WHERE tenant_id = 'b'", "0")
}

func TestReclaimableLicensesShortInactivity(t *testing.T) {
	w := twoTenants(t)
	w.exec("UPDATE app_activity SET last_activity_date = '2026-10-01' WHERE user_key = 3 AND report_period = 30")
	w.expect(
		"SELECT reason, confidence, days_inactive FROM reclaimable_licenses WHERE user_key = 3 AND sku_id = 'e3'",
		"inactive|medium|51",
	)
}
