-- What matters of each tenant at a glance: people, who is active, paid licences and what the idle ones cost?
WITH usage AS (
  SELECT tenant_id, active_users, licensed_users, report_date
  FROM app_usage
  WHERE app = 'cumulative' AND report_period = 30
),
people AS (
  SELECT tenant_id, count(*) AS users
  FROM users
  WHERE deleted_at IS NULL
  GROUP BY tenant_id
),
paid AS (
  SELECT
    tenant_id,
    sum(bought)::BIGINT AS bought,
    sum(assigned)::BIGINT AS assigned,
    sum(idle)::BIGINT AS idle,
    sum(idle) FILTER (WHERE monthly_price IS NULL)::BIGINT AS idle_without_price,
    sum(monthly_idle_cost)::DOUBLE AS monthly_idle_cost,
    any_value(currency) AS currency
  FROM license_info
  WHERE kind = 'paid'
  GROUP BY tenant_id
)
SELECT
  o.tenant_id,
  o.tenant_name,
  coalesce(p.users, 0) AS users,
  u.active_users,
  u.licensed_users,
  u.report_date,
  l.bought,
  l.assigned,
  l.idle,
  coalesce(l.idle_without_price, 0) AS idle_without_price,
  l.monthly_idle_cost,
  l.currency
FROM organizations AS o
LEFT JOIN people AS p USING (tenant_id)
LEFT JOIN usage AS u USING (tenant_id)
LEFT JOIN paid AS l USING (tenant_id)
ORDER BY o.tenant_name
