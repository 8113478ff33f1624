package sql_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The checks of both histories let versions meet and refuse those that overlap or are empty.
func TestHistoryChecks(t *testing.T) {
	for _, table := range []struct{ check, columns, key string }{
		{"user_history", "tenant_id, user_key, user_principal_name", "'t', 1, 'anna@x'"},
		{"license_history", "tenant_id, user_key, sku_id, source, assigned_by_group_id", "'t', 1, 'sku', 'direct', NULL"},
	} {
		for _, test := range []struct {
			versions string
			faults   int
		}{
			{"('2026-11-01', '2026-11-03'), ('2026-11-03', NULL)", 0},
			{"('2026-11-01', '2026-11-02'), ('2026-11-07', '2026-11-08')", 0},
			{"('2026-11-01', '2026-11-04'), ('2026-11-03', NULL)", 1},
			{"('2026-11-01', NULL), ('2026-11-03', '2026-11-04')", 1},
			{"('2026-11-01', '2026-11-01')", 1},
			{"('2026-11-02', '2026-11-01'), ('2026-11-05', NULL)", 1},
		} {
			t.Run(table.check+" "+test.versions, func(t *testing.T) {
				db := openTables(t)
				execute(t, db, fmt.Sprintf(
					"INSERT INTO %s (%s, valid_from, valid_to) SELECT %s, v.a::DATE, v.b::DATE FROM (VALUES %s) AS v (a, b)",
					table.check, table.columns, table.key, test.versions))
				check := file(t, "checks/"+table.check+"_versions.sql")
				if got := ask(t, db, "SELECT 'fault' FROM ("+check+")"); len(got) != test.faults {
					t.Errorf("%d faults instead of %d", len(got), test.faults)
				}
			})
		}
	}
}

// A version holds on its first day and no longer on its last.
func TestAsOf(t *testing.T) {
	db := openTables(t)
	execute(t, db, file(t, "views/058_as_of.sql"))
	execute(
		t,
		db,
		`INSERT INTO organizations (tenant_id, tenant_name, snapshot_date) VALUES ('t', 'north', '2026-11-09')`,
	)
	execute(
		t,
		db,
		`INSERT INTO users (tenant_id, user_key, user_id, user_principal_name, first_seen, last_seen) VALUES ('t', 1,
			'a', 'anna@x', '2026-11-01', '2026-11-09')`,
	)
	execute(
		t,
		db,
		`INSERT INTO user_history (tenant_id, user_key, user_principal_name, department, valid_from, valid_to) VALUES
		('t', 1, 'anna@old', 'Sales', '2026-11-01', '2026-11-05'), ('t', 1, 'anna@x', 'Support', '2026-11-05', NULL)`,
	)
	execute(
		t,
		db,
		`INSERT INTO skus (tenant_id, snapshot_date, subscribed_sku_id, sku_id, sku_part_number, product_name, kind,
			enabled_units, warning_units, suspended_units, consumed_units)
		SELECT 't', day::DATE, 's', 'sku', 'E3', name, 'paid', 1, 0, 0, 1 FROM (VALUES ('2026-11-01', 'Office 365 E3'),
			('2026-11-09', 'Microsoft 365 E3')) AS v (day, name)`,
	)
	execute(
		t,
		db,
		`INSERT INTO license_history (tenant_id, user_key, sku_id, source, state, valid_from, valid_to) VALUES
		('t', 1, 'sku', 'direct', 'Active', '2026-11-02', '2026-11-05'), ('t', 1, 'sku', 'group', 'Active', '2026-11-05',
			NULL), ('t', 1, 'gone', 'direct', 'Active', '2026-11-02', '2026-11-03')`,
	)
	for day, want := range map[string][]string{
		"2026-10-31": nil, "2026-11-01": {"north anna@old Sales"}, "2026-11-04": {"north anna@old Sales"},
		"2026-11-05": {"north anna@x Support"}, "2030-01-01": {"north anna@x Support"},
	} {
		if diff := cmp.Diff(want, ask(t, db, "SELECT concat_ws(' ', tenant_name, user_principal_name, department) FROM "+
			"users_as_of('"+day+"')")); diff != "" {
			t.Errorf("users of %s: %s", day, diff)
		}
	}
	for day, want := range map[string][]string{
		"2026-11-01": nil, "2026-11-02": {"anna@x Microsoft 365 E3 direct Active", "anna@x gone direct Active"},
		"2026-11-04": {"anna@x Microsoft 365 E3 direct Active"}, "2026-11-05": {"anna@x Microsoft 365 E3 group Active"},
	} {
		question := "SELECT concat_ws(' ', user_principal_name, product_name, source, state) FROM user_license_as_of(DATE " +
			"'" + day + "') ORDER BY 1"
		if diff := cmp.Diff(want, ask(t, db, question)); diff != "" {
			t.Errorf("licences of %s: %s", day, diff)
		}
	}

	// Through which group, and last used when: as the reports of the time had it.
	execute(
		t,
		db,
		`INSERT INTO license_groups (tenant_id, group_id, display_name, sku_ids, dynamic, snapshot_date) VALUES ('t',
			'g', 'Sales', ['sku'], false, '2026-11-09')`,
	)
	execute(t, db, `UPDATE license_history SET assigned_by_group_id = 'g' WHERE source = 'group'`)
	execute(
		t,
		db,
		`INSERT INTO app_activity (tenant_id, report_date, report_period, report, app, user_key, licensed, active,
			last_activity_date) VALUES
		('t', '2026-11-02', 30, 'all', 'cumulative', 1, true, true, '2026-10-30'), ('t', '2026-11-08', 30, 'all',
			'cumulative', 1, true, true, '2026-11-07'),
		('t', '2026-11-08', 30, 'email_activity_user_detail', 'exchange', 1, true, true, '2026-11-08')`,
	)
	for day, want := range map[string]string{
		"2026-11-04": "direct 2026-10-30 2026-11-02",
		"2026-11-05": "group Sales 2026-10-30 2026-11-02", "2026-11-08": "group Sales 2026-11-07 2026-11-08",
	} {
		question := "SELECT concat_ws(' ', source, assigned_by_group, last_activity_date, report_date) FROM " +
			"user_license_as_of('" + day + "')"
		if diff := cmp.Diff([]string{want}, ask(t, db, question)); diff != "" {
			t.Errorf("the licence of %s: %s", day, diff)
		}
	}
}
