-- How many people use each app by day, week and month, from our own history between two days, and in the last 13 weeks?
CREATE OR REPLACE MACRO usage_trend_between(first_day, last_day) AS TABLE
WITH apps_of_day AS (
  SELECT tenant_id, report_date, app, user_key, actions
  FROM app_activity_daily
  WHERE report_date BETWEEN first_day::DATE AND last_day::DATE
  UNION ALL
  SELECT DISTINCT tenant_id, report_date, 'cumulative', user_key, NULL
  FROM app_activity_daily
  WHERE report_date BETWEEN first_day::DATE AND last_day::DATE
),
grains AS (
  SELECT unnest(['day', 'week', 'month']) AS grain
),
active AS (
  SELECT
    d.tenant_id,
    g.grain,
    date_trunc(g.grain, d.report_date)::DATE AS starts_on,
    d.app,
    count(DISTINCT d.user_key) AS active_users,
    sum(d.actions)::BIGINT AS actions
  FROM apps_of_day AS d
  CROSS JOIN grains AS g
  GROUP BY ALL
),
-- A day is known for cumulative only if it is known of every report. That a report is empty on a day of which another has
-- something, such as Yammer on a Sunday, means that nobody used it.
known AS (
  SELECT tenant_id, report_date, report, status
  FROM day_coverage
  WHERE status IN ('good', 'empty') AND report_date BETWEEN first_day::DATE AND last_day::DATE
),
deciding AS (
  SELECT DISTINCT tenant_id, app, report
  FROM app_activity_daily
),
reports AS (
  SELECT tenant_id, count(DISTINCT report) AS reports
  FROM deciding
  GROUP BY tenant_id
),
known_days AS (
  SELECT k.tenant_id, d.app, k.report_date
  FROM known AS k
  JOIN deciding AS d USING (tenant_id, report)
  WHERE k.status = 'good'
  UNION ALL
  SELECT k.tenant_id, 'cumulative', k.report_date
  FROM known AS k
  JOIN reports AS r USING (tenant_id)
  SEMI JOIN deciding AS d ON d.tenant_id = k.tenant_id AND d.report = k.report
  GROUP BY k.tenant_id, k.report_date
  HAVING count(*) = any_value(r.reports) AND bool_or(k.status = 'good')
),
coverage AS (
  SELECT k.tenant_id, g.grain, date_trunc(g.grain, k.report_date)::DATE AS starts_on, k.app, count(*) AS days_known
  FROM known_days AS k
  CROSS JOIN grains AS g
  GROUP BY ALL
)
SELECT
  o.tenant_name,
  a.grain,
  a.starts_on,
  a.app,
  n.label AS app_label,
  a.active_users,
  a.actions,
  coalesce(c.days_known, 0) AS days_known,
  a.tenant_id
FROM active AS a
JOIN organizations AS o USING (tenant_id)
JOIN apps AS n USING (app)
LEFT JOIN coverage AS c USING (tenant_id, grain, starts_on, app)
ORDER BY o.tenant_name, a.grain, a.starts_on, n.menu_order;

-- The view stops at 13 weeks because it is exported in every run: counting different users over all of the history would
-- cost more each day.
CREATE OR REPLACE VIEW usage_trend AS
FROM usage_trend_between(
  (SELECT date_trunc('week', max(report_date)) - INTERVAL 12 WEEK FROM app_activity_daily),
  (SELECT max(report_date) FROM app_activity_daily)
);

COMMENT ON VIEW usage_trend IS 'Users with activity in each app by day, week and month, over the last 13 weeks: one row per tenant, grain, start and app. Further back: FROM usage_trend_between(''2026-01-01'', ''2026-06-30'').';
COMMENT ON COLUMN usage_trend.grain IS 'day, week (from Monday) or month.';
COMMENT ON COLUMN usage_trend.starts_on IS 'First day of the day, week or month.';
COMMENT ON COLUMN usage_trend.active_users IS 'Different users with activity, licensed or not.';
COMMENT ON COLUMN usage_trend.actions IS 'Actions; NULL when the report counts none.';
COMMENT ON COLUMN usage_trend.days_known IS 'Days of the grain that are known; a week of which 3 days are known shows too few users.';
