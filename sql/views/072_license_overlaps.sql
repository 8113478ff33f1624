-- Who holds something twice: the same product directly and by group, or a product that another one contains?
-- Columns from: users, organizations, licenses_held.
CREATE OR REPLACE VIEW license_overlaps AS
WITH plans AS (
  SELECT tenant_id, sku_id, list(DISTINCT service_plan_id) AS plans
  FROM sku_plans
  GROUP BY tenant_id, sku_id
),
contained AS (
  SELECT small.tenant_id, small.sku_id, small.plans, large.sku_id AS by_sku_id, len(large.plans) AS by_size
  FROM plans AS small
  JOIN plans AS large
    ON large.tenant_id = small.tenant_id
      AND large.sku_id <> small.sku_id
      AND list_has_all(large.plans, small.plans)
      -- Of two products with the same plans one contains the other, not each the other.
      AND (len(large.plans) > len(small.plans) OR large.sku_id < small.sku_id)
),
held AS MATERIALIZED (
  FROM licenses_held
  WHERE provisioned
),
-- Only what decides goes through the window; the rest is looked up for the few that remain.
best AS (
  SELECT
    l.tenant_id,
    l.user_key,
    l.sku_id,
    b.product_name AS covered_by,
    b.sku_id AS covered_by_sku_id,
    NOT list_has_any(b.disabled_plans, list_filter(c.plans, lambda plan: NOT list_contains(l.disabled_plans, plan))) AS loses_nothing
  FROM held AS l
  JOIN contained AS c USING (tenant_id, sku_id)
  JOIN held AS b ON b.tenant_id = l.tenant_id AND b.user_key = l.user_key AND b.sku_id = c.by_sku_id
  QUALIFY row_number() OVER (
    PARTITION BY l.tenant_id, l.user_key, l.sku_id
    ORDER BY loses_nothing DESC, c.by_size DESC, b.sku_id
  ) = 1
),
doubles AS (
  SELECT
    *,
    'direct and group' AS overlap,
    product_name AS covered_by,
    sku_id AS covered_by_sku_id,
    direct_is_spare AS loses_nothing
  FROM held
  WHERE granted = 'direct and group'
  UNION ALL BY NAME
  SELECT l.*, 'contained' AS overlap, b.covered_by, b.covered_by_sku_id, b.loses_nothing
  FROM held AS l
  JOIN best AS b USING (tenant_id, user_key, sku_id)
)
SELECT
  o.tenant_name,
  u.user_principal_name,
  u.display_name,
  u.department,
  v.overlap,
  v.product_name,
  v.covered_by,
  v.loses_nothing,
  v.granted,
  v.group_ids,
  v.kind,
  v.monthly_price,
  CASE WHEN v.overlap = 'direct and group' THEN 0 * v.monthly_price ELSE v.monthly_price END AS monthly_saving,
  v.currency,
  v.sku_part_number,
  v.sku_id,
  v.covered_by_sku_id,
  v.user_key,
  v.tenant_id
FROM doubles AS v
JOIN users AS u USING (tenant_id, user_key)
JOIN organizations AS o USING (tenant_id)
WHERE u.deleted_at IS NULL
ORDER BY o.tenant_name, monthly_saving DESC NULLS LAST, u.user_principal_name, v.overlap, v.product_name, v.sku_id;

COMMENT ON VIEW license_overlaps IS
  'One row per user, product that can go, and why: the same product also comes through a group, or another product '
  'of the user contains it.';
COMMENT ON COLUMN license_overlaps.overlap IS
  'direct and group (the direct one can go) or contained (every service plan of the product is in covered_by).';
COMMENT ON COLUMN license_overlaps.product_name IS 'The product that can go.';
COMMENT ON COLUMN license_overlaps.covered_by IS 'The product that stays.';
COMMENT ON COLUMN license_overlaps.loses_nothing IS
  'Whether what stays has every service plan switched on that what goes has; false where an assignment leaves plans '
  'out.';
COMMENT ON COLUMN license_overlaps.kind IS 'Kind of the product that can go: paid, free, trial, viral or unknown.';
COMMENT ON COLUMN license_overlaps.monthly_saving IS
  'What its going saves a month: the price, and 0 for direct and group, which share one seat.';
COMMENT ON COLUMN license_overlaps.currency IS 'Currency of the prices.';
COMMENT ON COLUMN license_overlaps.sku_part_number IS 'Microsoft''s short name of the product that can go.';
COMMENT ON COLUMN license_overlaps.sku_id IS 'Id of the product that can go.';
COMMENT ON COLUMN license_overlaps.covered_by_sku_id IS 'Id of the product that stays.';
