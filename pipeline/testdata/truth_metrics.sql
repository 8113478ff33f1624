-- What should activity_metrics say of the apps in the variable apps, going by the sandbox's own truth?
-- Shares no code with the pipeline.
WITH people AS (
  SELECT user_id, nullif(department, '') AS department
  FROM read_csv(getvariable('truth') || '/users.csv', header = true, all_varchar = true)
),
licensed AS (
  SELECT user_id, app
  FROM read_csv(getvariable('truth') || '/licensed_apps.csv', header = true, all_varchar = true)
),
apps AS (
  SELECT unnest(string_split(getvariable('apps'), ' ')) AS app
),
activity AS (
  SELECT user_id, app, day::DATE AS day, try_cast(actions AS BIGINT) AS actions
  FROM read_csv(getvariable('truth') || '/activity.csv', header = true, all_varchar = true)
  SEMI JOIN apps USING (app)
  -- Microsoft tells of Copilot only who has a licence now.
  WHERE app <> 'copilot' OR (user_id, app) IN (SELECT (user_id, app) FROM licensed)
),
periods AS (
  SELECT unnest([7, 30, 90, 180]) AS report_period
),
licensed_any AS (
  FROM licensed
  UNION
  SELECT DISTINCT user_id, 'cumulative' FROM licensed
),
active AS (
  SELECT p.report_period, a.user_id, a.app, sum(a.actions) AS actions
  FROM activity AS a, periods AS p
  WHERE a.day > getvariable('report_date')::DATE - p.report_period AND a.day <= getvariable('report_date')::DATE
  GROUP BY ALL
),
-- On which platforms the six apps were used; nobody says it of the services, and so not of any app.
places AS (
  SELECT
    p.report_period,
    w.user_id,
    w.app,
    bool_or(w.platform = 'windows') AS windows,
    bool_or(w.platform = 'mac') AS mac,
    bool_or(w.platform = 'mobile') AS mobile,
    bool_or(w.platform = 'web') AS web
  FROM read_csv(getvariable('truth') || '/platforms.csv', header = true, all_varchar = true) AS w, periods AS p
  WHERE w.day::DATE > getvariable('report_date')::DATE - p.report_period AND w.day::DATE <= getvariable('report_date')::DATE
  GROUP BY ALL
),
told AS (
  SELECT DISTINCT app FROM places
),
active_any AS (
  FROM active
  UNION ALL
  SELECT DISTINCT report_period, user_id, 'cumulative', NULL::HUGEINT FROM active
),
per_user AS (
  SELECT
    p.report_period,
    x.app,
    u.department,
    l.user_id IS NOT NULL AS licensed,
    a.user_id IS NOT NULL AS active,
    a.actions,
    t.app IS NOT NULL AS told,
    w.windows,
    w.mac,
    w.mobile,
    w.web
  FROM people AS u
  CROSS JOIN (FROM apps UNION SELECT 'cumulative') AS x
  CROSS JOIN periods AS p
  LEFT JOIN licensed_any AS l ON l.user_id = u.user_id AND l.app = x.app
  LEFT JOIN active_any AS a ON a.user_id = u.user_id AND a.app = x.app AND a.report_period = p.report_period
  LEFT JOIN places AS w ON w.user_id = u.user_id AND w.app = x.app AND w.report_period = p.report_period
  LEFT JOIN told AS t ON t.app = x.app
)
SELECT
  app,
  report_period,
  grouping(department) = 1 AS all_departments,
  department,
  count(*) FILTER (WHERE licensed) AS licensed_users,
  count(*) FILTER (WHERE licensed AND active) AS active_users,
  count(*) FILTER (WHERE licensed AND NOT active) AS inactive_users,
  count(*) FILTER (WHERE active AND NOT licensed) AS unlicensed_active_users,
  round(100.0 * active_users / nullif(licensed_users, 0), 6) AS activity_percent,
  CASE WHEN app IN ('yammer', 'onedrive', 'sharepoint', 'microsoft_teams', 'exchange') THEN coalesce(sum(actions), 0) END::BIGINT AS actions,
  CASE WHEN any_value(told) THEN count(*) FILTER (WHERE licensed AND windows) END AS windows_users,
  CASE WHEN any_value(told) THEN count(*) FILTER (WHERE licensed AND mac) END AS mac_users,
  CASE WHEN any_value(told) THEN count(*) FILTER (WHERE licensed AND mobile) END AS mobile_users,
  CASE WHEN any_value(told) THEN count(*) FILTER (WHERE licensed AND web) END AS web_users,
  CASE WHEN any_value(told) THEN count(*) FILTER (WHERE licensed AND (windows OR mac)) END AS desktop_users
FROM per_user
GROUP BY GROUPING SETS ((app, report_period), (app, report_period, department))
HAVING all_departments OR licensed_users > 0 OR unlicensed_active_users > 0
ORDER BY ALL
