-- How often do people use each app: daily, weekly, monthly or not at all, over the last 28 known days' window?
CREATE OR REPLACE VIEW activity_frequency AS
WITH apps_of_day AS (
  SELECT tenant_id, report_date, app, user_key
  FROM app_activity_daily
  UNION ALL
  SELECT DISTINCT tenant_id, report_date, 'cumulative', user_key
  FROM app_activity_daily
),
known AS (
  SELECT DISTINCT tenant_id, report_date
  FROM day_coverage
  WHERE status = 'good'
),
windows AS (
  SELECT tenant_id, max(report_date) AS window_end
  FROM known
  GROUP BY tenant_id
),
days AS (
  SELECT k.tenant_id, w.window_end, count(*) AS days_known
  FROM known AS k
  JOIN windows AS w USING (tenant_id)
  WHERE k.report_date > w.window_end - 28
  GROUP BY ALL
),
licensed AS (
  SELECT tenant_id, app, user_key
  FROM app_activity
  WHERE licensed AND report_period = 30
  QUALIFY report_date = max(report_date) OVER (PARTITION BY tenant_id, app)
),
days_of_user AS (
  SELECT a.tenant_id, a.app, a.user_key, count(*) AS active_days
  FROM apps_of_day AS a
  JOIN windows AS w USING (tenant_id)
  SEMI JOIN licensed AS l ON l.tenant_id = a.tenant_id AND l.app = a.app AND l.user_key = a.user_key
  WHERE a.report_date > w.window_end - 28
  GROUP BY ALL
),
classed AS (
  SELECT
    u.tenant_id,
    u.app,
    p.department,
    CASE
      WHEN u.active_days * 28 >= 12 * d.days_known THEN 'daily'
      WHEN u.active_days * 28 >= 4 * d.days_known THEN 'weekly'
      ELSE 'monthly'
    END AS class
  FROM days_of_user AS u
  JOIN days AS d USING (tenant_id)
  JOIN users AS p USING (tenant_id, user_key)
),
counted AS (
  SELECT
    tenant_id,
    app,
    grouping(department) = 1 AS all_departments,
    department,
    count(*) FILTER (WHERE class = 'daily') AS daily_users,
    count(*) FILTER (WHERE class = 'weekly') AS weekly_users,
    count(*) FILTER (WHERE class = 'monthly') AS monthly_users
  FROM classed
  GROUP BY GROUPING SETS ((tenant_id, app), (tenant_id, app, department))
),
seats AS (
  SELECT tenant_id, app, all_departments, department, licensed_users
  FROM activity_metrics
  WHERE report_period = 30
  QUALIFY report_date = max(report_date) OVER (PARTITION BY tenant_id, app)
)
SELECT
  o.tenant_name,
  s.app,
  n.label AS app_label,
  s.all_departments,
  s.department,
  s.licensed_users,
  coalesce(c.daily_users, 0) AS daily_users,
  coalesce(c.weekly_users, 0) AS weekly_users,
  coalesce(c.monthly_users, 0) AS monthly_users,
  s.licensed_users - coalesce(c.daily_users + c.weekly_users + c.monthly_users, 0) AS none_users,
  d.days_known,
  d.window_end,
  s.tenant_id
FROM seats AS s
JOIN organizations AS o USING (tenant_id)
JOIN apps AS n USING (app)
JOIN days AS d USING (tenant_id)
LEFT JOIN counted AS c
  ON c.tenant_id = s.tenant_id
  AND c.app = s.app
  AND c.all_departments = s.all_departments
  AND c.department IS NOT DISTINCT FROM s.department
ORDER BY o.tenant_name, n.menu_order, s.all_departments DESC, s.department;

COMMENT ON VIEW activity_frequency IS 'Licensed users of each app by how often they used it in the 28 days up to window_end: one row per tenant, app and department, and one for all departments.';
COMMENT ON COLUMN activity_frequency.all_departments IS 'True in the row of all departments together; department is then NULL.';
COMMENT ON COLUMN activity_frequency.licensed_users IS 'Users with a licence that grants the app.';
COMMENT ON COLUMN activity_frequency.daily_users IS 'Active on at least 12 of 28 days, three a week on average; in proportion when fewer days are known.';
COMMENT ON COLUMN activity_frequency.weekly_users IS 'Less than that, but on at least 4 of 28 days, one a week on average.';
COMMENT ON COLUMN activity_frequency.monthly_users IS 'Less than that, but on at least one day.';
COMMENT ON COLUMN activity_frequency.none_users IS 'Licensed users with no activity on any known day.';
COMMENT ON COLUMN activity_frequency.days_known IS 'Days of the 28 that are known of at least one report; judge with care below 20.';
COMMENT ON COLUMN activity_frequency.window_end IS 'Last known day.';
