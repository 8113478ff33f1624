-- How many people use each app by day, week and month, over all of our own history?
-- Columns from: organizations, apps, apps.label AS app_label, activity_trend.
CREATE OR REPLACE VIEW usage_trend AS
WITH grains AS (
  SELECT unnest(['day', 'week', 'month']) AS grain
),
coverage AS (
  SELECT k.tenant_id, g.grain, date_trunc(g.grain, k.report_date)::DATE AS starts_on, k.app, count(*) AS days_known
  FROM known_days AS k
  CROSS JOIN grains AS g
  GROUP BY ALL
)
SELECT
  o.tenant_name,
  t.grain,
  t.starts_on,
  t.app,
  n.label AS app_label,
  t.active_users,
  t.actions,
  coalesce(c.days_known, 0) AS days_known,
  t.tenant_id
FROM activity_trend AS t
JOIN organizations AS o USING (tenant_id)
JOIN apps AS n USING (app)
LEFT JOIN coverage AS c USING (tenant_id, grain, starts_on, app)
ORDER BY o.tenant_name, t.grain, t.starts_on, n.menu_order;

COMMENT ON VIEW usage_trend IS
  'Users with activity in each app by day, week and month, over all of our own history: one row per tenant, grain, '
  'start and app.';
COMMENT ON COLUMN usage_trend.days_known IS
  'Days of the grain that are known; a week of which 3 days are known shows too few users.';
