package sql_test

import (
	"fmt"
	"testing"

	"m365lake/internal/quote"
	"m365lake/schemas/reports"
)

// Two tenants, a and b, that were run on 2026-11-23. Their users, by user_key:
//
//	a: 1 anna, active; 2 bert, disabled; 3 chloe, idle for long; 4 dora, never active;
//	   5 emil, deleted; 6 emil again, new, in no report; 7 gast, a guest without anything
//	b: 1 boris, who holds what others hold in a
func twoTenants(t *testing.T) *warehouse {
	w := openWarehouse(t)
	w.insert("organizations", "tenant_name, snapshot_date", "'a', 'alpha', '2026-11-23'", "'b', 'beta', '2026-11-23'")
	w.insert(
		"users",
		"user_key, user_id, user_principal_name, mail, display_name, department, company_name, user_type, "+
			"account_enabled, created_at, first_seen, last_seen, deleted_at",
		"'a', 1, 'u1', 'Anna@a', 'anna@mail', 'Anna', 'Sales', 'Alpha', 'Member', true, '2020-01-01', '2026-01-01', "+
			"'2026-11-23', NULL",
		"'a', 2, 'u2', 'bert@a', NULL, 'Bert', NULL, 'Alpha', 'Member', false, '2020-01-01', '2026-01-01', '2026-11-23', "+
			"NULL",
		"'a', 3, 'u3', 'chloe@a', 'chloe@mail', 'Chloe', 'Sales', NULL, 'Member', true, '2020-01-01', '2026-01-01', "+
			"'2026-11-23', NULL",
		"'a', 4, 'u4', 'dora@a', NULL, 'Dora', NULL, NULL, 'Member', true, '2026-08-23', '2026-08-24', '2026-11-23', NULL",
		"'a', 5, 'u5', 'emil@a', NULL, 'Emil', NULL, NULL, 'Member', true, '2020-01-01', '2026-01-01', '2026-11-20', "+
			"'2026-11-21'",
		"'a', 6, 'u6', 'emil@a', NULL, 'Emil', NULL, NULL, 'Member', true, '2026-11-20', '2026-11-21', '2026-11-23', NULL",
		"'a', 7, 'u7', 'gast@x', NULL, NULL, NULL, NULL, 'Guest', NULL, NULL, '2026-01-01', '2026-11-23', NULL",
		"'b', 1, 'v1', 'boris@b', NULL, 'Boris', 'Sales', NULL, 'Member', true, '2020-01-01', '2026-01-01', '2026-11-23', "+
			"NULL",
	)
	w.insert("report_status", "run_day, report, report_period, status, report_date, rows, unmatched_rows, run_id",
		"'a', '2026-11-23', 'r', 30, 'good', '2026-11-21', 5, 0, 'x'")
	w.insert("app_activity", "report_date, report_period, report, app, user_key, licensed, active, last_activity_date",
		// An older report said otherwise.
		"'a', '2026-11-20', 30, 'all', 'cumulative', 3, true, true, '2026-06-01'",
		"'a', '2026-11-20', 30, 'r', 'word', 3, true, true, NULL",
		"'a', '2026-11-21', 30, 'all', 'cumulative', 1, true, true, '2026-11-20'",
		"'a', '2026-11-21', 30, 'all', 'cumulative', 2, true, true, '2026-11-01'",
		"'a', '2026-11-21', 30, 'all', 'cumulative', 3, true, false, '2026-06-01'",
		"'a', '2026-11-21', 30, 'all', 'cumulative', 4, true, false, NULL",
		"'a', '2026-11-21', 30, 's', 'exchange', 1, true, true, '2026-11-20'",
		"'a', '2026-11-21', 30, 'r', 'word', 1, true, true, NULL",
		"'a', '2026-11-21', 30, 'r', 'excel', 1, true, false, NULL",
		"'a', '2026-11-21', 30, 'r', 'word', 3, true, false, NULL",
		"'a', '2026-11-21', 7, 'all', 'cumulative', 3, true, true, '2026-11-21'")
	const sku = "snapshot_date, subscribed_sku_id, sku_id, sku_part_number, product_name, kind, enabled_units, " +
		"warning_units, suspended_units, consumed_units"
	w.insert("skus", sku,
		"'a', '2026-11-22', 'a_e3', 'e3', 'SPE_E3', 'Old name', 'paid', 99, 0, 0, 99", // yesterday
		"'a', '2026-11-23', 'a_e3', 'e3', 'SPE_E3', 'E3', 'paid', 10, 5, 2, 12",
		"'a', '2026-11-23', 'other_e3', 'e3', 'SPE_E3', 'E3', 'paid', 1, 0, 0, 1", // through another account
		"'a', '2026-11-23', 'a_e5', 'e5', 'SPE_E5', 'E5', 'paid', 3, 0, 0, 4",
		"'a', '2026-11-23', 'a_visio', 'visio', 'VISIO', 'Visio', 'paid', 2, 0, 0, 1",
		"'a', '2026-11-23', 'a_flow', 'flow', 'FLOW_FREE', 'Flow', 'free', 10000, 0, 0, 1",
		"'a', '2026-11-23', 'a_new', 'new', 'NEW_THING', 'NEW_THING', 'unknown', 7, 0, 0, 2",
		"'b', '2026-11-23', 'b_e3', 'e3', 'SPE_E3', 'E3', 'paid', 100, 0, 0, 1")
	w.insert(
		"sku_plans",
		"sku_id, service_plan_id, service_plan_name, friendly_name, apps, snapshot_date",
		"'a', 'e3', 'p1', 'P1', 'P1', ['word'], '2026-11-23'",
		"'a', 'e3', 'p2', 'P2', 'P2', [], '2026-11-23'",
		"'a', 'e5', 'p1', 'P1', 'P1', ['word'], '2026-11-23'",
		"'a', 'e5', 'p2', 'P2', 'P2', [], '2026-11-23'",
		"'a', 'e5', 'p3', 'P3', 'P3', [], '2026-11-23'",
		"'a', 'visio', 'p9', 'P9', 'P9', [], '2026-11-23'",
		"'a', 'flow', 'p8', 'P8', 'P8', [], '2026-11-23'",
		"'a', 'new', 'p8', 'P8', 'P8', [], '2026-11-23'",
		"'b', 'e3', 'p1', 'P1', 'P1', ['word'], '2026-11-23'",
	)
	w.insert(
		"license_assignments",
		"user_key, sku_id, source, assigned_by_group_id, state, error, disabled_plans, last_updated_at, snapshot_date",
		// Anna: E3 directly and by two groups, one of which fails.
		"'a', 1, 'e3', 'direct', NULL, 'Active', NULL, ['p2'], '2026-03-01', '2026-11-23'",
		"'a', 1, 'e3', 'group', 'g1', 'Active', NULL, ['p2'], '2026-02-01', '2026-11-23'",
		"'a', 1, 'e3', 'group', 'g2', 'Error', 'CountViolation', [], '2026-01-01', '2026-11-23'",
		// Bert: E3 and E5, which contains it.
		"'a', 2, 'e3', 'direct', NULL, 'Active', NULL, [], '2026-01-01', '2026-11-23'",
		"'a', 2, 'e5', 'group', 'g5', 'ActiveWithError', 'MutuallyExclusiveViolation', [], '2026-01-01', '2026-11-23'",
		// Chloe: E3 by group, Visio of which the reports show nothing, and one that failed.
		"'a', 3, 'e3', 'group', 'g1', 'Active', NULL, [], '2026-01-01', '2026-11-23'",
		"'a', 3, 'visio', 'direct', NULL, 'Active', NULL, NULL, NULL, '2026-11-23'",
		"'a', 3, 'e5', 'group', 'g5', 'Error', 'CountViolation', [], '2026-01-01', '2026-11-23'",
		// Dora: E5 that the directory does not explain, and free Flow.
		"'a', 4, 'e5', 'unknown', NULL, NULL, NULL, [], NULL, '2026-11-23'",
		"'a', 4, 'flow', 'direct', NULL, 'Active', NULL, [], '2026-01-01', '2026-11-23'",
		// Emil: E3, something new, something the tenant's list lacks.
		"'a', 6, 'e3', 'direct', NULL, 'Active', NULL, [], '2026-11-20', '2026-11-23'",
		"'a', 6, 'new', 'direct', NULL, 'Active', NULL, [], '2026-11-20', '2026-11-23'",
		"'a', 6, 'lost', 'direct', NULL, 'Active', NULL, [], '2026-11-20', '2026-11-23'",
		"'b', 1, 'e3', 'direct', NULL, 'Active', NULL, [], '2026-01-01', '2026-11-23'",
	)
	w.insert(
		"subscriptions",
		"snapshot_date, subscription_id, sku_id, sku_part_number, status, total_licenses, is_trial, next_lifecycle_at",
		"'a', '2026-11-22', 'gone', 'e3', 'SPE_E3', 'Enabled', 50, false, '2026-11-30'", // yesterday
		"'a', '2026-11-23', 's1', 'e3', 'SPE_E3', 'Enabled', 10, false, '2027-03-31'",
		"'a', '2026-11-23', 's2', 'e3', 'SPE_E3', 'Warning', 5, false, '2026-12-15'",
		"'a', '2026-11-23', 's3', 'e3', 'SPE_E3', 'Suspended', 2, false, '2026-11-20'",
		"'a', '2026-11-23', 's4', 'e5', 'SPE_E5', 'Enabled', 3, false, '2027-01-31'",
		"'a', '2026-11-23', 's5', 'odd', 'ODD', 'Enabled', NULL, true, NULL",
		"'b', '2026-11-23', 't1', 'e3', 'SPE_E3', 'Enabled', 100, false, '2026-11-24'",
	)
	return w
}

// withPrices adds prices for E3 and E5 in tenant a.
func (w *warehouse) withPrices() {
	w.insert("sku_prices", "sku_id, sku_part_number, monthly_price, currency, valid_from, snapshot_date",
		"'a', NULL, 'spe_e3', 30, 'EUR', NULL, '2026-11-23'",
		"'a', NULL, 'SPE_E3', 33, 'EUR', '2026-11-01', '2026-11-23'",
		"'a', NULL, 'SPE_E3', 99, 'EUR', '2027-01-01', '2026-11-23'", // not yet
		"'a', NULL, 'SPE_E5', 1, 'EUR', '2026-11-01', '2026-11-23'",
		"'a', 'e5', NULL, 50, 'EUR', NULL, '2026-11-23'") // the id wins
}

// Every view can be asked before the first run, and answers nothing.
func TestViewsOfEmptyWarehouse(t *testing.T) {
	w := openWarehouse(t)
	views := ask(t, w.db, "SELECT view_name FROM duckdb_views() WHERE NOT internal")
	if len(views) == 0 {
		t.Fatal("there is no view")
	}
	for _, view := range views {
		want := "0"
		if view == "apps" {
			want = fmt.Sprint(len(reports.Apps()) + 1)
		}
		w.expect("SELECT count(*) FROM "+quote.Identifier(view), want)
	}
}
