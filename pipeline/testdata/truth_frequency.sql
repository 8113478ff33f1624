-- What should activity_frequency say of the apps in the variable apps, going by the sandbox's own truth, when the days from the variable first_day on are known?
-- Shares no code with the views.
WITH people AS (
  SELECT user_id, nullif(department, '') AS department
  FROM read_csv(getvariable('truth') || '/users.csv', header = true, all_varchar = true)
),
apps AS (
  SELECT unnest(string_split(getvariable('apps'), ' ')) AS app
),
licensed AS (
  SELECT user_id, app
  FROM read_csv(getvariable('truth') || '/licensed_apps.csv', header = true, all_varchar = true)
  SEMI JOIN apps USING (app)
  UNION
  SELECT user_id, 'cumulative'
  FROM read_csv(getvariable('truth') || '/licensed_apps.csv', header = true, all_varchar = true)
),
-- Microsoft gives no single days of Copilot.
activity AS (
  SELECT DISTINCT user_id, unnest([app, 'cumulative']) AS app, day::DATE AS day
  FROM read_csv(getvariable('truth') || '/activity.csv', header = true, all_varchar = true)
  SEMI JOIN apps USING (app)
  WHERE app <> 'copilot'
    AND day::DATE BETWEEN getvariable('first_day')::DATE AND getvariable('report_date')::DATE
),
periods AS (
  SELECT unnest([7, 30, 90, 180]) AS report_period
),
known AS (
  SELECT report_period, least(report_period, getvariable('report_date')::DATE - getvariable('first_day')::DATE + 1) AS days
  FROM periods
),
per_user AS (
  SELECT k.report_period, l.app, u.user_id, u.department, k.days AS known, count(a.day) / any_value(k.days / 7.0) AS days_a_week
  FROM people AS u
  JOIN licensed AS l USING (user_id)
  CROSS JOIN known AS k
  LEFT JOIN activity AS a
    ON a.user_id = u.user_id AND a.app = l.app AND a.day > getvariable('report_date')::DATE - k.report_period
  GROUP BY ALL
),
counted AS (
  SELECT
    app,
    report_period,
    grouping(department) = 1 AS all_departments,
    department,
    count(*) AS licensed_users,
    CASE WHEN app = 'copilot' THEN 0 ELSE any_value(known) END AS days_known,
    count(*) FILTER (WHERE days_a_week >= 3) AS daily_users,
    count(*) FILTER (WHERE days_a_week >= 1 AND days_a_week < 3) AS weekly_users,
    count(*) FILTER (WHERE days_a_week > 0 AND days_a_week < 1) AS monthly_users,
    count(*) FILTER (WHERE days_a_week = 0) AS none_users
  FROM per_user
  GROUP BY GROUPING SETS ((app, report_period), (app, report_period, department))
)
SELECT
  app,
  report_period,
  all_departments,
  department,
  licensed_users,
  days_known,
  days_known / report_period >= 0.66 AS judged,
  CASE WHEN judged THEN daily_users END AS daily_users,
  CASE WHEN judged THEN weekly_users END AS weekly_users,
  CASE WHEN judged THEN monthly_users END AS monthly_users,
  CASE WHEN judged THEN none_users END AS none_users
FROM counted
ORDER BY ALL
