-- Of which day are the products and the subscriptions that the tenant has now?
-- Columns from: organizations.
CREATE OR REPLACE VIEW snapshots_current AS
WITH days AS (
  SELECT tenant_id, 'skus' AS table_name, snapshot_date
  FROM skus
  UNION ALL
  SELECT tenant_id, 'subscriptions', snapshot_date
  FROM subscriptions
  UNION ALL
  -- A day on which there are none leaves no row in the table, only the step that read the answer.
  SELECT tenant_id, CASE source WHEN 'subscribed_skus' THEN 'skus' ELSE source END, run_day
  FROM run_steps
  WHERE stage = 'transform' AND status = 'done' AND source IN ('subscribed_skus', 'subscriptions')
)
SELECT
  o.tenant_name,
  d.table_name,
  max(d.snapshot_date) AS snapshot_date,
  d.tenant_id
FROM days AS d
JOIN organizations AS o USING (tenant_id)
GROUP BY o.tenant_name, d.table_name, d.tenant_id
ORDER BY o.tenant_name, d.table_name;

COMMENT ON VIEW snapshots_current IS
  'The newest snapshot of the tables skus and subscriptions: one row per tenant and table. When the table has no '
  'rows of that day, the tenant has none now; a day on which Graph could not be read is no snapshot.';
COMMENT ON COLUMN snapshots_current.table_name IS 'skus or subscriptions.';
COMMENT ON COLUMN snapshots_current.snapshot_date IS 'Last run day on which the directory said what there is.';
