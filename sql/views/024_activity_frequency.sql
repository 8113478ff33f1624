-- How often do people use each app in each period, by department: daily, weekly, monthly or not at all?
-- Columns from: organizations, apps.label AS app_label, activity_metrics.
CREATE OR REPLACE VIEW activity_frequency AS
WITH measured AS (
  SELECT tenant_id, app, report_period, max(report_date) AS report_date
  FROM activity_metrics
  WHERE all_departments
  GROUP BY tenant_id, app, report_period
),
-- The known days of each period, as the bits of activity_months.
windows AS (
  SELECT
    m.tenant_id,
    m.app,
    m.report_period,
    date_trunc('month', k.report_date)::DATE AS month,
    bit_or(1::BIGINT << (day(k.report_date) - 1)) AS days,
    count(*) AS days_known
  FROM measured AS m
  JOIN known_days AS k
    ON k.tenant_id = m.tenant_id
    AND k.app = m.app
    AND k.report_date > m.report_date - m.report_period::INTEGER
    AND k.report_date <= m.report_date
  GROUP BY ALL
),
coverage AS (
  SELECT tenant_id, app, report_period, sum(days_known)::BIGINT AS days_known
  FROM windows
  GROUP BY tenant_id, app, report_period
),
masks AS (
  SELECT
    tenant_id,
    app,
    month,
    max(days) FILTER (WHERE report_period = 7) AS days_7,
    max(days) FILTER (WHERE report_period = 30) AS days_30,
    max(days) FILTER (WHERE report_period = 90) AS days_90,
    max(days) FILTER (WHERE report_period = 180) AS days_180
  FROM windows
  GROUP BY tenant_id, app, month
),
-- Four numbers for each user and app, rather than four rows: this is the large step.
users_days AS (
  SELECT
    a.tenant_id,
    a.app,
    a.user_key,
    sum(bit_count(a.active_days & m.days_7))::USMALLINT AS days_7,
    sum(bit_count(a.active_days & m.days_30))::USMALLINT AS days_30,
    sum(bit_count(a.active_days & m.days_90))::USMALLINT AS days_90,
    sum(bit_count(a.active_days & m.days_180))::USMALLINT AS days_180
  FROM activity_months AS a
  JOIN masks AS m USING (tenant_id, app, month)
  GROUP BY a.tenant_id, a.app, a.user_key
),
licensed AS (
  SELECT a.tenant_id, a.app, a.report_period, a.user_key
  FROM app_activity AS a
  SEMI JOIN measured AS m
    ON m.tenant_id = a.tenant_id AND m.app = a.app AND m.report_period = a.report_period AND m.report_date = a.report_date
  WHERE a.licensed
),
active AS (
  SELECT
    l.tenant_id,
    l.app,
    l.report_period,
    p.department,
    CASE l.report_period WHEN 7 THEN u.days_7 WHEN 30 THEN u.days_30 WHEN 90 THEN u.days_90 WHEN 180 THEN u.days_180 END AS active_days
  FROM licensed AS l
  JOIN users_days AS u USING (tenant_id, app, user_key)
  JOIN users AS p USING (tenant_id, user_key)
),
counted AS (
  SELECT
    a.tenant_id,
    a.app,
    a.report_period,
    grouping(a.department) = 1 AS all_departments,
    a.department,
    count(*) FILTER (WHERE a.active_days * 7 >= 3 * c.days_known) AS daily_users,
    count(*) FILTER (WHERE a.active_days * 7 < 3 * c.days_known AND a.active_days * 7 >= c.days_known) AS weekly_users,
    count(*) FILTER (WHERE a.active_days * 7 < c.days_known) AS monthly_users
  FROM active AS a
  JOIN coverage AS c USING (tenant_id, app, report_period)
  WHERE a.active_days > 0
  GROUP BY GROUPING SETS ((a.tenant_id, a.app, a.report_period), (a.tenant_id, a.app, a.report_period, a.department))
),
-- When more than a third of the days is missing, too little is known to put users into a class.
numbers AS (
  SELECT
    s.tenant_id,
    s.app,
    s.report_period,
    s.report_date,
    s.all_departments,
    s.department,
    s.licensed_users,
    coalesce(v.days_known, 0) AS days_known,
    3 * coalesce(v.days_known, 0) >= 2 * s.report_period AS judged,
    coalesce(c.daily_users, 0) AS daily_users,
    coalesce(c.weekly_users, 0) AS weekly_users,
    coalesce(c.monthly_users, 0) AS monthly_users
  FROM activity_metrics AS s
  SEMI JOIN measured AS m
    ON m.tenant_id = s.tenant_id AND m.app = s.app AND m.report_period = s.report_period AND m.report_date = s.report_date
  LEFT JOIN coverage AS v ON v.tenant_id = s.tenant_id AND v.app = s.app AND v.report_period = s.report_period
  LEFT JOIN counted AS c
    ON c.tenant_id = s.tenant_id
    AND c.app = s.app
    AND c.report_period = s.report_period
    AND c.all_departments = s.all_departments
    AND c.department IS NOT DISTINCT FROM s.department
)
SELECT
  o.tenant_name,
  s.app,
  n.label AS app_label,
  s.report_period,
  s.report_date,
  s.all_departments,
  s.department,
  s.licensed_users,
  CASE WHEN s.judged THEN s.daily_users END AS daily_users,
  CASE WHEN s.judged THEN s.weekly_users END AS weekly_users,
  CASE WHEN s.judged THEN s.monthly_users END AS monthly_users,
  CASE WHEN s.judged THEN s.licensed_users - s.daily_users - s.weekly_users - s.monthly_users END AS none_users,
  s.days_known,
  s.tenant_id
FROM numbers AS s
JOIN organizations AS o USING (tenant_id)
JOIN apps AS n USING (app)
ORDER BY o.tenant_name, s.report_period, n.menu_order, s.all_departments DESC, s.department NULLS LAST;

COMMENT ON VIEW activity_frequency IS
  'Licensed users of each app by how often they used it in the newest period of each length, from our own history '
  'of days: one row per tenant, app, period and department, and one for all departments.';
COMMENT ON COLUMN activity_frequency.app IS 'The app; cumulative is any app whose report gives single days.';
COMMENT ON COLUMN activity_frequency.daily_users IS
  'Active on at least three days a week on average: days of activity x 7 >= 3 x days_known. NULL, like the other '
  'classes, when less than two thirds of the days are known.';
COMMENT ON COLUMN activity_frequency.weekly_users IS
  'Less than that, but active on at least one day a week on average.';
COMMENT ON COLUMN activity_frequency.monthly_users IS
  'Less than that, but active on at least one known day; in a period of 7 days there are none.';
COMMENT ON COLUMN activity_frequency.none_users IS 'Licensed users with no activity on any known day.';
COMMENT ON COLUMN activity_frequency.days_known IS
  'Days of the period of which it is known who used the app; 0 for apps whose report gives no single days, such as '
  'Copilot.';
