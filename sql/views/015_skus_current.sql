-- Which products does the tenant have now, how many seats, and what does a seat cost?
-- Columns from: organizations, skus.
CREATE OR REPLACE VIEW skus_current AS
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
  FROM skus
  SEMI JOIN (FROM snapshots_current WHERE table_name = 'skus') USING (tenant_id, snapshot_date)
  GROUP BY tenant_id, sku_id
),
prices AS (
  SELECT s.tenant_id, s.sku_id, p.monthly_price, p.currency
  FROM seats AS s
  JOIN sku_prices AS p
    ON p.tenant_id = s.tenant_id
      AND (p.sku_id = s.sku_id OR (p.sku_id IS NULL AND lower(p.sku_part_number) = lower(s.sku_part_number)))
      AND (p.valid_from IS NULL OR p.valid_from <= s.snapshot_date)
  QUALIFY row_number() OVER (
    PARTITION BY s.tenant_id, s.sku_id
    ORDER BY p.sku_id NULLS LAST, p.valid_from DESC NULLS LAST
  ) = 1
)
SELECT
  o.tenant_name,
  s.product_name,
  s.sku_part_number,
  s.kind,
  s.bought,
  s.warning,
  s.suspended,
  s.assigned,
  greatest(s.bought + s.warning - s.assigned, 0) AS available,
  p.monthly_price,
  p.currency,
  s.snapshot_date,
  s.sku_id,
  s.tenant_id
FROM seats AS s
JOIN organizations AS o USING (tenant_id)
LEFT JOIN prices AS p USING (tenant_id, sku_id)
ORDER BY o.tenant_name, s.kind <> 'paid', s.bought DESC, s.product_name, s.sku_id;

COMMENT ON VIEW skus_current IS
  'Products as of the last run that could read them: one row per tenant and product, the accounts of a product '
  'added up; none when the tenant has none.';
COMMENT ON COLUMN skus_current.kind IS
  'paid, free, trial, viral or unknown. Sum only paid rows: free products come with a million seats.';
COMMENT ON COLUMN skus_current.bought IS 'Seats of active subscriptions.';
COMMENT ON COLUMN skus_current.warning IS 'Seats of expired subscriptions in their grace period.';
COMMENT ON COLUMN skus_current.suspended IS 'Seats of cancelled subscriptions; not assignable.';
COMMENT ON COLUMN skus_current.assigned IS 'Seats in use by an assignment, as Microsoft counts them.';
COMMENT ON COLUMN skus_current.available IS
  'Seats that can still be assigned: bought and warning less assigned, never below 0.';
COMMENT ON COLUMN skus_current.monthly_price IS
  'Price of a seat for a month, from sku_prices; NULL when the organization gave none.';
COMMENT ON COLUMN skus_current.currency IS 'Currency of monthly_price, the same for the whole tenant.';
