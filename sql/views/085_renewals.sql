-- Which subscription changes its state when, how much of it is idle, and what does it cost?
-- Columns from: organizations, subscriptions, skus_current.
CREATE OR REPLACE VIEW renewals AS
WITH newest AS (
  FROM subscriptions
  SEMI JOIN (FROM snapshots_current WHERE table_name = 'subscriptions') USING (tenant_id, snapshot_date)
)
SELECT
  o.tenant_name,
  coalesce(k.product_name, s.sku_part_number, s.sku_id) AS product_name,
  coalesce(k.sku_part_number, s.sku_part_number) AS sku_part_number,
  coalesce(k.kind, 'unknown') AS kind,
  s.status,
  s.is_trial,
  s.total_licenses AS seats,
  s.next_lifecycle_at::DATE AS next_lifecycle_on,
  s.next_lifecycle_at::DATE - s.snapshot_date AS days_left,
  k.bought AS product_bought,
  k.assigned AS product_assigned,
  l.idle AS product_idle,
  k.available AS product_available,
  c.activity_note,
  k.monthly_price,
  s.total_licenses * k.monthly_price AS monthly_cost,
  12 * s.total_licenses * k.monthly_price AS yearly_cost,
  k.currency,
  s.created_at::DATE AS bought_on,
  s.snapshot_date,
  s.subscription_id,
  s.sku_id,
  s.tenant_id
FROM newest AS s
JOIN organizations AS o USING (tenant_id)
JOIN concealment AS c USING (tenant_id)
LEFT JOIN skus_current AS k USING (tenant_id, sku_id)
LEFT JOIN license_info AS l USING (tenant_id, sku_id)
ORDER BY o.tenant_name, s.next_lifecycle_at NULLS LAST, product_name, s.subscription_id;

COMMENT ON VIEW renewals IS
  'One row per subscription, the next to change its state first. Graph tells no term and no price: dates are as '
  'given, money comes from sku_prices.';
COMMENT ON COLUMN renewals.product_name IS
  'Friendly name of the product; the part number, else the id, when nobody knows one.';
COMMENT ON COLUMN renewals.kind IS 'paid, free, trial, viral or unknown.';
COMMENT ON COLUMN renewals.status IS
  'Enabled, Warning (expired, in its grace period), Suspended, Deleted or LockedOut.';
COMMENT ON COLUMN renewals.seats IS 'Seats of this subscription.';
COMMENT ON COLUMN renewals.next_lifecycle_on IS
  'Day on which it moves to its next state unless renewed; NULL when unknown.';
COMMENT ON COLUMN renewals.days_left IS 'Days from snapshot_date to next_lifecycle_on; negative when it is past.';
COMMENT ON COLUMN renewals.product_bought IS 'Active seats of the product over all its subscriptions; do not add up.';
COMMENT ON COLUMN renewals.product_assigned IS
  'Assigned seats of the product over all its subscriptions; do not add up.';
COMMENT ON COLUMN renewals.product_idle IS
  'Those assigned to users with no activity in any app in 30 days, as in license_info; do not add up.';
COMMENT ON COLUMN renewals.activity_note IS
  'Why product_idle is NULL, and what to do: names are concealed, or nothing is measured yet. NULL when activity is '
  'known by person.';
COMMENT ON COLUMN renewals.product_available IS 'Seats of the product that are not assigned; do not add up.';
COMMENT ON COLUMN renewals.monthly_cost IS 'seats x monthly_price.';
COMMENT ON COLUMN renewals.yearly_cost IS '12 x monthly_cost, also where the subscription ends earlier.';
COMMENT ON COLUMN renewals.bought_on IS 'Day on which the subscription was bought.';
