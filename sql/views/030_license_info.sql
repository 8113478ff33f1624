-- Which licences were bought, how many are assigned, free or idle, and what kind of plan is each?
-- Columns from: skus_current, concealment.
CREATE OR REPLACE VIEW license_info AS
WITH measured AS (
  SELECT tenant_id, max(report_date) AS report_date
  FROM app_activity
  WHERE app = 'cumulative' AND report_period = 30
  GROUP BY tenant_id
),
active AS (
  SELECT tenant_id, user_key, active
  FROM app_activity
  SEMI JOIN measured USING (tenant_id, report_date)
  WHERE app = 'cumulative' AND report_period = 30
),
idle AS (
  SELECT
    h.tenant_id,
    h.sku_id,
    count(*) AS holders,
    count(*) FILTER (WHERE NOT coalesce(a.active, false)) AS idle
  FROM licenses_held AS h
  LEFT JOIN active AS a USING (tenant_id, user_key)
  WHERE h.provisioned
  GROUP BY ALL
)
SELECT
  s.tenant_name,
  s.product_name,
  s.sku_part_number,
  s.kind,
  s.bought,
  s.assigned,
  s.available,
  CASE WHEN k.activity_known THEN coalesce(i.idle, 0) END AS idle,
  s.warning,
  s.suspended,
  s.monthly_price,
  CASE WHEN k.activity_known THEN coalesce(i.idle, 0) * s.monthly_price END AS monthly_idle_cost,
  s.currency,
  s.snapshot_date,
  m.report_date AS idle_as_of,
  k.activity_known,
  k.activity_note,
  s.sku_id,
  s.tenant_id
FROM skus_current AS s
LEFT JOIN idle AS i USING (tenant_id, sku_id)
LEFT JOIN measured AS m USING (tenant_id)
LEFT JOIN concealment AS k USING (tenant_id)
ORDER BY s.tenant_name, s.kind <> 'paid', s.bought DESC, s.product_name;

COMMENT ON VIEW license_info IS 'Licences of each product as of the last run: one row per tenant and product.';
COMMENT ON COLUMN license_info.idle IS
  'Assigned to users with no activity in any app in the 30 days up to idle_as_of; NULL while that is not known.';
COMMENT ON COLUMN license_info.monthly_idle_cost IS 'idle x monthly_price.';
COMMENT ON COLUMN license_info.idle_as_of IS 'Last day of activity known by person.';
