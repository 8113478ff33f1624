-- Which licences were bought, how many are assigned, free or idle, and what kind of plan is each?
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
COMMENT ON COLUMN license_info.tenant_name IS 'Name of the tenant in pipelines.yaml.';
COMMENT ON COLUMN license_info.product_name IS 'Friendly name of the product.';
COMMENT ON COLUMN license_info.sku_part_number IS 'Microsoft''s short name of the product.';
COMMENT ON COLUMN license_info.sku_id IS 'Product (SKU) id.';
COMMENT ON COLUMN license_info.tenant_id IS 'Entra tenant (directory) id.';
COMMENT ON COLUMN license_info.kind IS 'Plan type: paid, free, trial, viral or unknown. Sum only paid rows: free products come with a million seats.';
COMMENT ON COLUMN license_info.bought IS 'Seats of active subscriptions.';
COMMENT ON COLUMN license_info.assigned IS 'Seats in use by an assignment, as Microsoft counts them.';
COMMENT ON COLUMN license_info.available IS 'Seats that can still be assigned: bought and warning less assigned, never below 0.';
COMMENT ON COLUMN license_info.idle IS 'Assigned to users with no activity in any app in the 30 days up to idle_as_of; NULL while that is not known.';
COMMENT ON COLUMN license_info.warning IS 'Seats of expired subscriptions in their grace period.';
COMMENT ON COLUMN license_info.suspended IS 'Seats of cancelled subscriptions; not assignable.';
COMMENT ON COLUMN license_info.monthly_price IS 'Price of a seat for a month; NULL when the organization gave none.';
COMMENT ON COLUMN license_info.monthly_idle_cost IS 'idle x monthly_price.';
COMMENT ON COLUMN license_info.currency IS 'Currency of the money columns.';
COMMENT ON COLUMN license_info.snapshot_date IS 'Run day on which the directory said so.';
COMMENT ON COLUMN license_info.idle_as_of IS 'Last day of activity known by person.';
COMMENT ON COLUMN license_info.activity_known IS 'Whether activity is known by person today; false while Microsoft conceals names.';
COMMENT ON COLUMN license_info.activity_note IS 'Why it is not, up to when it was, and what to do; NULL when it is.';
