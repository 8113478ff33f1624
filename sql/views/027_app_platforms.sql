-- On which platforms is each of the Microsoft 365 Apps used?
-- Columns from: organizations, apps.label AS app_label, activity_metrics.
CREATE OR REPLACE VIEW app_platforms AS
WITH newest AS (
  SELECT tenant_id, app, report_period, max(report_date) AS report_date
  FROM activity_metrics
  WHERE report = 'm365_app_user_detail'
  GROUP BY tenant_id, app, report_period
)
SELECT
  o.tenant_name,
  m.app,
  a.label AS app_label,
  m.report_period,
  m.report_date,
  m.licensed_users,
  m.active_users,
  m.windows_users,
  m.mac_users,
  m.mobile_users,
  m.web_users,
  m.desktop_users,
  m.active_users - m.desktop_users AS no_desktop_users,
  round(100 * m.windows_users / nullif(m.active_users, 0), 1) AS windows_percent,
  round(100 * m.mac_users / nullif(m.active_users, 0), 1) AS mac_percent,
  round(100 * m.mobile_users / nullif(m.active_users, 0), 1) AS mobile_percent,
  round(100 * m.web_users / nullif(m.active_users, 0), 1) AS web_percent,
  round(100 * m.desktop_users / nullif(m.active_users, 0), 1) AS desktop_percent,
  m.tenant_id
FROM activity_metrics AS m
SEMI JOIN newest AS w
  ON w.tenant_id = m.tenant_id AND w.app = m.app AND w.report_period = m.report_period AND w.report_date = m.report_date
JOIN organizations AS o USING (tenant_id)
JOIN apps AS a USING (app)
WHERE m.all_departments
ORDER BY o.tenant_name, m.report_period, a.menu_order;

COMMENT ON VIEW app_platforms IS
  'Licensed, active users of each of the Microsoft 365 Apps by platform, in the newest period of each length: one '
  'row per tenant, app and period. Somebody on two platforms is in both, so that platforms do not add up. By '
  'department: department_usage.';
COMMENT ON COLUMN app_platforms.app IS 'word, excel, powerpoint, onenote, teams_app or outlook_app.';
COMMENT ON COLUMN app_platforms.no_desktop_users IS 'active_users without desktop_users: on mobile or web only.';
COMMENT ON COLUMN app_platforms.windows_percent IS
  'windows_users as a percentage of active_users; NULL when there are none.';
COMMENT ON COLUMN app_platforms.mac_percent IS 'mac_users as a percentage of active_users; NULL when there are none.';
COMMENT ON COLUMN app_platforms.mobile_percent IS
  'mobile_users as a percentage of active_users; NULL when there are none.';
COMMENT ON COLUMN app_platforms.web_percent IS 'web_users as a percentage of active_users; NULL when there are none.';
COMMENT ON COLUMN app_platforms.desktop_percent IS
  'desktop_users as a percentage of active_users; NULL when there are none.';
