package livetest

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"m365lake/load/warehouse"
	"m365lake/provision/internal/graphfake"
	"m365lake/schemas/catalog"
	queries "m365lake/sql"
)

// ContosoWarehouse is what a sync of contoso would have published: ana was last active on 1 August,
// hal's account is disabled, cy has a licence twice. change are statements that make it otherwise.
func ContosoWarehouse(t *testing.T, change ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	exec := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s\n%v", statement, err)
		}
	}
	for _, table := range catalog.Tables() {
		exec(table.CreateTable())
	}
	if err := warehouse.CreateViews(t.Context(), db, queries.Files, catalog.Tables()); err != nil {
		t.Fatal(err)
	}
	const tenant = "'11111111-2222-3333-4444-555555555555'"
	insert := func(table, columns string, rows ...string) {
		t.Helper()
		for _, row := range rows {
			exec(fmt.Sprintf("INSERT INTO %s (tenant_id, %s) VALUES (%s, %s)", table, columns, tenant, row))
		}
	}
	insert("organizations", "tenant_name, concealed_names, snapshot_date", "'contoso', false, '2026-11-23'")
	for _, u := range []struct {
		key     int
		name    string
		enabled bool
	}{{1, "ana", true}, {3, "cy", true}, {8, "hal", false}} {
		insert("users", "user_key, user_id, user_principal_name, account_enabled, created_at, first_seen, last_seen",
			fmt.Sprintf("%d, '%s', '%s@contoso.com', %v, '2024-01-01', '2024-01-01', '2026-11-23'", u.key,
				strings.ToUpper(UserID(u.key)), u.name, u.enabled))
		insert("app_activity", "report_date, report_period, user_key, app, report, licensed, active, last_activity_date",
			fmt.Sprintf("'2026-11-21', 30, %d, 'cumulative', 'all', true, %v, '2026-08-01'", u.key, u.key == 3))
	}
	insert("skus", "snapshot_date, subscribed_sku_id, sku_id, sku_part_number, product_name, kind, enabled_units, "+
		"warning_units, suspended_units, consumed_units",
		"'2026-11-23', 'a', '"+graphfake.E3ID+"', 'SPE_E3', 'Microsoft 365 E3', 'paid', 10, 0, 0, 8",
		"'2026-11-23', 'b', '"+graphfake.E1ID+"', 'STANDARDPACK', 'Office 365 E1', 'paid', 3, 0, 0, 3")
	insert("license_assignments", "user_key, sku_id, source, assigned_by_group_id, state, snapshot_date",
		"1, '"+graphfake.E3ID+"', 'direct', NULL, 'Active', '2026-11-23'",
		"8, '"+graphfake.E3ID+"', 'direct', NULL, 'Active', '2026-11-23'",
		"3, '"+graphfake.E1ID+"', 'direct', NULL, 'Active', '2026-11-23'",
		"3, '"+graphfake.E1ID+"', 'group', '"+graphfake.SalesID+"', 'Active', '2026-11-23'")
	insert("report_status", "run_day, report, report_period, status, report_date, rows, unmatched_rows, run_id",
		"'2026-11-23', 'teams_user_activity_detail', 30, 'good', '2026-11-21', 9, 0, 'r1'",
		"'2026-11-23', 'copilot_usage_user_detail', 28, 'empty', NULL, 0, 0, 'r1'")
	insert("report_mailbox_usage_detail", "report_date, report_period, user_key, user_principal_name, storage_used_byte",
		"'2026-11-14', 7, 1, 'ana@contoso.com', 99", "'2026-11-21', 7, 1, 'ana@contoso.com', 12400000000")
	insert("report_onedrive_usage_account_detail", "report_date, report_period, user_key, account, storage_used_byte",
		"'2026-11-21', 7, 1, 's1', 3100000", "'2026-11-21', 7, 1, 's2', 5")
	for _, statement := range change {
		exec(statement)
	}
	return db
}
