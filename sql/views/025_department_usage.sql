-- How much does each department use each app, in the newest period of each length?
-- Columns from: organizations, apps, apps.label AS app_label, activity_metrics, concealment.
CREATE OR REPLACE VIEW department_usage AS
WITH newest AS (
  FROM activity_metrics
  QUALIFY report_date = max(report_date) OVER (PARTITION BY tenant_id, app, report_period)
)
SELECT
  o.tenant_name,
  m.app,
  a.label AS app_label,
  m.report_period,
  m.report_date,
  m.department,
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
  k.activity_known,
  k.activity_note,
  m.report,
  m.tenant_id
FROM newest AS m
JOIN apps AS a USING (app)
JOIN organizations AS o USING (tenant_id)
JOIN concealment AS k USING (tenant_id)
WHERE NOT m.all_departments
ORDER BY o.tenant_name, m.report_period, a.menu_order, m.department NULLS LAST;

COMMENT ON VIEW department_usage IS
  'Usage of each app by department in the newest period of each length: one row per tenant, app, period and '
  'department.';
COMMENT ON COLUMN department_usage.desktop_users IS
  'Those of active_users who used the app on Windows or Mac; NULL for apps whose report does not tell platforms. '
  'Somebody on two platforms is in both.';
COMMENT ON COLUMN department_usage.activity_known IS
  'Whether activity is known by person today; false while Microsoft conceals names. Then the numbers are those of '
  'report_date.';
