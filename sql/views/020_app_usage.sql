-- How much is each app used: share of licensed users with activity, users with activity and users with none?
CREATE OR REPLACE VIEW app_usage AS
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
  m.report,
  m.tenant_id
FROM activity_metrics AS m
JOIN apps AS a USING (app)
JOIN organizations AS o USING (tenant_id)
WHERE m.all_departments
QUALIFY m.report_date = max(m.report_date) OVER (PARTITION BY m.tenant_id, m.app, m.report_period)
ORDER BY o.tenant_name, m.report_period, a.menu_order;

COMMENT ON VIEW app_usage IS 'Usage of each app in the newest period of each length: one row per tenant, app and period.';
COMMENT ON COLUMN app_usage.report_period IS 'Days covered, counted back from report_date: 7, 30, 90 or 180.';
COMMENT ON COLUMN app_usage.report_date IS 'Last day the numbers cover; Microsoft is about two days behind.';
COMMENT ON COLUMN app_usage.licensed_users IS 'Users with a licence that grants the app.';
COMMENT ON COLUMN app_usage.active_users IS 'Licensed users with activity in the period.';
COMMENT ON COLUMN app_usage.inactive_users IS 'Licensed users with no activity in the period.';
COMMENT ON COLUMN app_usage.activity_percent IS 'active_users as a percentage of licensed_users; NULL when nobody is licensed.';
COMMENT ON COLUMN app_usage.unreported_users IS 'Those of inactive_users whom Microsoft''s report does not list at all, such as new accounts.';
COMMENT ON COLUMN app_usage.unlicensed_active_users IS 'Users with activity but without a licence for the app.';
COMMENT ON COLUMN app_usage.actions IS 'Actions in the period; NULL when the report counts none.';
COMMENT ON COLUMN app_usage.desktop_users IS 'Those of active_users who used the app on Windows or Mac; NULL for apps whose report does not tell platforms. Somebody on two platforms is in both.';
COMMENT ON COLUMN app_usage.web_users IS 'Those of active_users who used it in a browser; NULL likewise.';
COMMENT ON COLUMN app_usage.mobile_users IS 'Those of active_users who used it on a phone or tablet; NULL likewise.';
COMMENT ON COLUMN app_usage.report IS 'The usage report that decided.';
