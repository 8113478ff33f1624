-- What should usage_trend say, going by the sandbox's own truth, when the days from the variable first_day on are known?
-- Shares no code with the views.
WITH activity AS (
  SELECT user_id, app, day::DATE AS day,
    CASE WHEN app IN ('microsoft_teams', 'exchange', 'onedrive', 'sharepoint', 'yammer') THEN actions::BIGINT END AS actions
  FROM read_csv(getvariable('truth') || '/activity.csv', header = true, all_varchar = true)
  WHERE app <> 'copilot' AND day::DATE BETWEEN getvariable('first_day')::DATE AND getvariable('report_date')::DATE
),
with_any AS (
  FROM activity
  UNION ALL
  SELECT DISTINCT user_id, 'cumulative', day, NULL::BIGINT FROM activity
),
grains AS (
  SELECT 'day' AS grain, INTERVAL 1 DAY AS length
  UNION ALL
  SELECT 'week', INTERVAL 7 DAY
  UNION ALL
  SELECT 'month', INTERVAL 1 MONTH
),
dated AS (
  SELECT grain, date_trunc(grain, day)::DATE AS starts_on, (date_trunc(grain, day) + length)::DATE AS next_starts_on, app, user_id, actions
  FROM with_any
  CROSS JOIN grains
)
SELECT
  grain,
  starts_on,
  app,
  count(DISTINCT user_id) AS active_users,
  sum(actions)::BIGINT AS actions,
  least(getvariable('report_date')::DATE + 1, next_starts_on) - greatest(getvariable('first_day')::DATE, starts_on) AS days_known
FROM dated
GROUP BY grain, starts_on, next_starts_on, app
ORDER BY ALL
