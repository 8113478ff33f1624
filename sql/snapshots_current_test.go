package sql_test

import "testing"

// A good answer without rows means that there are none now; a failed one keeps the last snapshot.
func TestSnapshotsWithoutRows(t *testing.T) {
	w := twoTenants(t)
	const step = "run_day, run_id, stage, source, status, started_at, seconds, rows, bytes"
	w.insert("run_steps", step,
		"'a', '2026-11-23', 'w', 'transform', 'subscribed_skus', 'done', '2026-11-23', 1, 6, 0",
		"'a', '2026-11-24', 'x', 'extract', 'subscribed_skus', 'failed', '2026-11-24', 1, 0, 0",
		"'a', '2026-11-24', 'x', 'extract', 'subscriptions', 'done', '2026-11-24', 1, 0, 9",
		"'a', '2026-11-24', 'x', 'transform', 'subscriptions', 'failed', '2026-11-24', 1, 0, 0",
		"'a', '2026-11-25', 'y', 'transform', 'users', 'done', '2026-11-25', 1, 7, 0",
		"'b', '2026-11-24', 'x', 'transform', 'subscribed_skus', 'done', '2026-11-24', 1, 0, 0")
	w.expect("SELECT tenant_name, table_name, snapshot_date, tenant_id FROM snapshots_current",
		"alpha|skus|2026-11-23|a", "alpha|subscriptions|2026-11-23|a",
		"beta|skus|2026-11-24|b", "beta|subscriptions|2026-11-23|b")
	const rows = "SELECT (SELECT count(*) FROM skus_current WHERE tenant_id = t), (SELECT count(*) FROM license_info " +
		"WHERE tenant_id = t), " +
		"(SELECT count(*) FROM renewals WHERE tenant_id = t) FROM (VALUES ('a'), ('b')) AS tenants (t) ORDER BY t"
	w.expect(rows, "5|5|5", "0|0|1")
	w.insert("run_steps", step, "'b', '2026-11-24', 'x', 'transform', 'subscriptions', 'done', '2026-11-24', 1, 0, 0")
	w.expect(rows, "5|5|5", "0|0|0")
}
