-- Which licences were bought, how many are assigned, free or idle, and what kind of plan is each?
CREATE OR REPLACE VIEW license_info AS
WITH seats AS (
  SELECT
    tenant_id,
    sku_id,
    any_value(sku_part_number) AS sku_part_number,
    any_value(product_name) AS product_name,
    any_value(kind) AS kind,
    sum(enabled_units)::BIGINT AS bought,
    sum(warning_units)::BIGINT AS warning,
    sum(suspended_units)::BIGINT AS suspended,
    sum(consumed_units)::BIGINT AS assigned,
    max(snapshot_date) AS snapshot_date
  FROM (
    FROM skus
    QUALIFY snapshot_date = max(snapshot_date) OVER (PARTITION BY tenant_id)
  )
  GROUP BY tenant_id, sku_id
),
active AS (
  SELECT tenant_id, user_key, active, report_date
  FROM app_activity
  WHERE app = 'cumulative' AND report_period = 30
  QUALIFY report_date = max(report_date) OVER (PARTITION BY tenant_id)
),
holders AS (
  SELECT DISTINCT tenant_id, sku_id, user_key
  FROM license_assignments
  WHERE state IS DISTINCT FROM 'Error' AND state IS DISTINCT FROM 'Disabled'
),
idle AS (
  SELECT
    h.tenant_id,
    h.sku_id,
    count(*) AS holders,
    count(*) FILTER (WHERE NOT coalesce(a.active, false)) AS idle
  FROM holders AS h
  LEFT JOIN active AS a USING (tenant_id, user_key)
  GROUP BY ALL
),
measured AS (
  SELECT tenant_id, max(report_date) AS report_date
  FROM active
  GROUP BY tenant_id
)
SELECT
  o.tenant_name,
  s.product_name,
  s.sku_part_number,
  s.kind,
  s.bought,
  s.assigned,
  greatest(s.bought + s.warning - s.assigned, 0) AS available,
  CASE WHEN m.report_date IS NOT NULL THEN coalesce(i.idle, 0) END AS idle,
  s.warning,
  s.suspended,
  s.snapshot_date,
  m.report_date AS idle_as_of,
  s.sku_id,
  s.tenant_id
FROM seats AS s
JOIN organizations AS o USING (tenant_id)
LEFT JOIN idle AS i USING (tenant_id, sku_id)
LEFT JOIN measured AS m USING (tenant_id)
ORDER BY o.tenant_name, s.kind <> 'paid', s.bought DESC, s.product_name;

COMMENT ON VIEW license_info IS 'Licences of each product as of the last run: one row per tenant and product.';
COMMENT ON COLUMN license_info.kind IS 'Plan type: paid, free, trial, viral or unknown. Sum only paid rows: free products come with a million seats.';
COMMENT ON COLUMN license_info.bought IS 'Seats of active subscriptions.';
COMMENT ON COLUMN license_info.assigned IS 'Seats in use by an assignment, as Microsoft counts them.';
COMMENT ON COLUMN license_info.available IS 'Seats that can still be assigned: bought and warning less assigned, never below 0.';
COMMENT ON COLUMN license_info.idle IS 'Assigned to users with no activity in any app in the 30 days up to idle_as_of; NULL while nothing is measured.';
COMMENT ON COLUMN license_info.warning IS 'Seats of expired subscriptions in their grace period.';
COMMENT ON COLUMN license_info.suspended IS 'Seats of cancelled subscriptions; not assignable.';
COMMENT ON COLUMN license_info.snapshot_date IS 'Run day on which the directory said so.';
COMMENT ON COLUMN license_info.idle_as_of IS 'Last day the activity behind idle covers.';
