-- How many users were active in each app, and in any, on each day of a month, in the weeks it has days of, and in all of it?
SET VARIABLE first_day = date_trunc('week', getvariable('month'))::DATE;
SET VARIABLE last_day = (date_trunc('week', last_day(getvariable('month'))) + INTERVAL 6 DAY)::DATE;

DELETE FROM activity_trend
WHERE tenant_id = getvariable('tenant_id')
  AND (
    grain = 'week' AND starts_on BETWEEN getvariable('first_day') AND getvariable('last_day')
    OR grain IN ('day', 'month') AND starts_on BETWEEN getvariable('month') AND last_day(getvariable('month'))
  );

INSERT INTO activity_trend
WITH days AS (
  SELECT report_date, report, app, count(*) AS active_users, sum(actions) AS actions
  FROM app_activity_daily
  WHERE tenant_id = getvariable('tenant_id')
    AND report_date BETWEEN getvariable('first_day') AND getvariable('last_day')
  GROUP BY report_date, report, app
),
spans AS (
  SELECT
    'day' AS grain,
    unnest(range(getvariable('month'), last_day(getvariable('month')) + INTERVAL 1 DAY, INTERVAL 1 DAY))::DATE AS starts_on,
    starts_on AS ends_on
  UNION ALL
  SELECT
    'week',
    unnest(range(getvariable('first_day'), getvariable('last_day') + INTERVAL 1 DAY, INTERVAL 7 DAY))::DATE AS starts_on,
    starts_on + 6
  UNION ALL
  SELECT 'month', getvariable('month'), last_day(getvariable('month'))
),
-- Bit 0 is the first day of the first week, of six at most. Of the next month a few days count, and only they fit.
users AS (
  SELECT
    app,
    user_key,
    bit_or(CASE
      WHEN month < getvariable('first_day') THEN active_days >> (getvariable('first_day') - month)
      ELSE (active_days & ((1::BIGINT << least(getvariable('last_day') - month + 1, 31)) - 1)) << (month - getvariable('first_day'))
    END) AS active_days
  FROM activity_months
  WHERE tenant_id = getvariable('tenant_id')
    AND month BETWEEN date_trunc('month', getvariable('first_day')) AND getvariable('last_day')
  GROUP BY app, user_key
),
bits AS (
  SELECT grain, starts_on, ((1::BIGINT << (ends_on - starts_on + 1)) - 1) << (starts_on - getvariable('first_day')) AS days
  FROM spans
),
-- The users of an app on one day need no DISTINCT: app_activity_daily has each of them once.
different AS (
  SELECT b.grain, b.starts_on, u.app, count(*) AS active_users
  FROM users AS u
  JOIN bits AS b ON u.active_days & b.days <> 0
  WHERE b.grain <> 'day' OR u.app = 'cumulative'
  GROUP BY b.grain, b.starts_on, u.app
  UNION ALL
  SELECT 'day', report_date, app, active_users
  FROM days
  WHERE report_date BETWEEN getvariable('month') AND last_day(getvariable('month'))
),
sums AS (
  SELECT s.grain, s.starts_on, d.app, any_value(d.report) AS report, sum(d.actions) AS actions
  FROM spans AS s
  JOIN days AS d ON d.report_date BETWEEN s.starts_on AND s.ends_on
  GROUP BY s.grain, s.starts_on, d.app
)
SELECT
  getvariable('tenant_id'),
  d.grain,
  d.starts_on,
  coalesce(s.report, 'all'),
  d.app,
  d.active_users,
  s.actions
FROM different AS d
LEFT JOIN sums AS s USING (grain, starts_on, app);
