-- How much does each department use each app, in the newest period of each length?
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

COMMENT ON VIEW department_usage IS 'Usage of each app by department in the newest period of each length: one row per tenant, app, period and department.';
COMMENT ON COLUMN department_usage.tenant_name IS 'Name of the tenant in pipelines.yaml.';
COMMENT ON COLUMN department_usage.app IS 'The app; cumulative is any app.';
COMMENT ON COLUMN department_usage.app_label IS 'The app as the menu calls it.';
COMMENT ON COLUMN department_usage.report_period IS 'Days covered, counted back from report_date: 7, 30, 90 or 180.';
COMMENT ON COLUMN department_usage.report_date IS 'Last day the numbers cover; Microsoft is about two days behind.';
COMMENT ON COLUMN department_usage.department IS 'Department on the run day; NULL for users without one.';
COMMENT ON COLUMN department_usage.licensed_users IS 'Users with a licence that grants the app.';
COMMENT ON COLUMN department_usage.active_users IS 'Licensed users with activity in the period.';
COMMENT ON COLUMN department_usage.inactive_users IS 'Licensed users with no activity in the period.';
COMMENT ON COLUMN department_usage.activity_percent IS 'active_users as a percentage of licensed_users; NULL when nobody is licensed.';
COMMENT ON COLUMN department_usage.unreported_users IS 'Those of inactive_users whom Microsoft''s report does not list at all, such as new accounts.';
COMMENT ON COLUMN department_usage.unlicensed_active_users IS 'Users with activity but without a licence for the app.';
COMMENT ON COLUMN department_usage.actions IS 'Actions in the period; NULL when the report counts none.';
COMMENT ON COLUMN department_usage.desktop_users IS 'Those of active_users who used the app on Windows or Mac; NULL for apps whose report does not tell platforms. Somebody on two platforms is in both.';
COMMENT ON COLUMN department_usage.web_users IS 'Those of active_users who used it in a browser; NULL likewise.';
COMMENT ON COLUMN department_usage.mobile_users IS 'Those of active_users who used it on a phone or tablet; NULL likewise.';
COMMENT ON COLUMN department_usage.activity_known IS 'Whether activity is known by person today; false while Microsoft conceals names. Then the numbers are those of report_date.';
COMMENT ON COLUMN department_usage.activity_note IS 'Why it is not, up to when it was, and what to do; NULL when it is.';
COMMENT ON COLUMN department_usage.report IS 'The usage report that decided.';
COMMENT ON COLUMN department_usage.tenant_id IS 'Entra tenant (directory) id.';
