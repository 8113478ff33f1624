-- How much is each app used: share of licensed users with activity, users with activity and users with none?
-- Columns from: organizations, apps, apps.label AS app_label, activity_metrics.
CREATE OR REPLACE VIEW app_usage AS
WITH measured AS (
  SELECT * EXCLUDE (all_departments, department), false AS names_concealed
  FROM activity_metrics
  WHERE all_departments
  UNION ALL BY NAME
  SELECT *, true AS names_concealed
  FROM concealed_metrics
),
-- Of one day, the numbers with names: they know who is licensed.
newest AS (
  FROM measured
  QUALIFY row_number() OVER (PARTITION BY tenant_id, app, report_period ORDER BY report_date DESC, names_concealed) = 1
)
SELECT
  o.tenant_name,
  m.app,
  a.label AS app_label,
  m.report_period,
  m.report_date,
  m.licensed_users,
  m.active_users,
  m.inactive_users,
  round(m.activity_percent, 1) AS activity_percent,
  m.unreported_users,
  m.unlicensed_active_users,
  m.actions,
  m.desktop_users,
  m.web_users,
  m.mobile_users,
  m.names_concealed,
  m.report,
  m.tenant_id
FROM newest AS m
JOIN apps AS a USING (app)
JOIN organizations AS o USING (tenant_id)
ORDER BY o.tenant_name, m.report_period, a.menu_order;

COMMENT ON VIEW app_usage IS
  'Usage of each app in the newest period of each length: one row per tenant, app and period.';
COMMENT ON COLUMN app_usage.active_users IS
  'Licensed users with activity in the period; where names_concealed, all with activity, licensed or not.';
COMMENT ON COLUMN app_usage.inactive_users IS
  'Licensed users with no activity in the period; where names_concealed, at least so many.';
COMMENT ON COLUMN app_usage.activity_percent IS
  'active_users as a percentage of licensed_users; where names_concealed, at most so much. NULL when nobody is '
  'licensed.';
COMMENT ON COLUMN app_usage.unreported_users IS
  'Those of inactive_users whom Microsoft''s report does not list at all, such as new accounts; NULL where '
  'names_concealed.';
COMMENT ON COLUMN app_usage.unlicensed_active_users IS
  'Users with activity but without a licence for the app; NULL where names_concealed, when they are among '
  'active_users.';
COMMENT ON COLUMN app_usage.desktop_users IS
  'Those of active_users who used the app on Windows or Mac; NULL for apps whose report does not tell platforms. '
  'Somebody on two platforms is in both.';
COMMENT ON COLUMN app_usage.names_concealed IS
  'Whether the report conceals names, so that pseudonyms were counted and nobody can tell whether they are '
  'licensed.';
