-- On which days of a month was each user active in each app, and in any?
DELETE FROM activity_months WHERE tenant_id = getvariable('tenant_id') AND month = getvariable('month');

INSERT INTO activity_months
WITH months AS (
  SELECT app, user_key, bit_or(1::BIGINT << (day(report_date) - 1)) AS active_days
  FROM app_activity_daily
  WHERE tenant_id = getvariable('tenant_id')
    AND report_date BETWEEN getvariable('month') AND last_day(getvariable('month'))
  GROUP BY app, user_key
)
SELECT getvariable('tenant_id'), getvariable('month'), app, user_key, active_days
FROM months
UNION ALL
SELECT getvariable('tenant_id'), getvariable('month'), 'cumulative', user_key, bit_or(active_days)
FROM months
GROUP BY user_key;
