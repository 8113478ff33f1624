-- On which platforms is each of the Microsoft 365 Apps used?
CREATE OR REPLACE VIEW app_platforms AS
WITH measured AS (
  SELECT tenant_id, report_period, max(report_date) AS report_date
  FROM activity_metrics
  WHERE report = 'm365_app_user_detail' AND all_departments
  GROUP BY tenant_id, report_period
),
-- The newest reports that moved numbers, of known users: as app_usage has them.
uses AS (
  SELECT
    tenant_id,
    report_period,
    report_date,
    unnest([
      {'app': 'word', 'used': word, 'windows': word_windows, 'mac': word_mac, 'mobile': word_mobile, 'web': word_web},
      {'app': 'excel', 'used': excel, 'windows': excel_windows, 'mac': excel_mac, 'mobile': excel_mobile, 'web': excel_web},
      {'app': 'powerpoint', 'used': powerpoint, 'windows': powerpoint_windows, 'mac': powerpoint_mac, 'mobile': powerpoint_mobile, 'web': powerpoint_web},
      {'app': 'onenote', 'used': onenote, 'windows': onenote_windows, 'mac': onenote_mac, 'mobile': onenote_mobile, 'web': onenote_web},
      {'app': 'teams_app', 'used': teams, 'windows': teams_windows, 'mac': teams_mac, 'mobile': teams_mobile, 'web': teams_web},
      {'app': 'outlook_app', 'used': outlook, 'windows': outlook_windows, 'mac': outlook_mac, 'mobile': outlook_mobile, 'web': outlook_web}
    ]) AS use
  FROM report_m365_app_user_detail
  SEMI JOIN measured USING (tenant_id, report_period, report_date)
  WHERE user_key IS NOT NULL
),
counts AS (
  SELECT
    tenant_id,
    report_period,
    report_date,
    use.app AS app,
    count(*) FILTER (WHERE use.used) AS users,
    count(*) FILTER (WHERE use.windows) AS windows_users,
    count(*) FILTER (WHERE use.mac) AS mac_users,
    count(*) FILTER (WHERE use.mobile) AS mobile_users,
    count(*) FILTER (WHERE use.web) AS web_users,
    count(*) FILTER (WHERE use.windows OR use.mac) AS desktop_users,
    count(*) FILTER (WHERE use.used AND NOT coalesce(use.windows OR use.mac, false)) AS no_desktop_users
  FROM uses
  GROUP BY ALL
)
SELECT
  o.tenant_name,
  c.app,
  a.label AS app_label,
  c.report_period,
  c.report_date,
  m.licensed_users,
  c.users,
  c.windows_users,
  c.mac_users,
  c.mobile_users,
  c.web_users,
  c.desktop_users,
  c.no_desktop_users,
  round(100 * c.windows_users / nullif(c.users, 0), 1) AS windows_percent,
  round(100 * c.mac_users / nullif(c.users, 0), 1) AS mac_percent,
  round(100 * c.mobile_users / nullif(c.users, 0), 1) AS mobile_percent,
  round(100 * c.web_users / nullif(c.users, 0), 1) AS web_percent,
  round(100 * c.desktop_users / nullif(c.users, 0), 1) AS desktop_percent,
  c.tenant_id
FROM counts AS c
JOIN organizations AS o USING (tenant_id)
JOIN apps AS a USING (app)
LEFT JOIN activity_metrics AS m
  ON m.tenant_id = c.tenant_id AND m.app = c.app AND m.report_period = c.report_period AND m.report_date = c.report_date AND m.all_departments
ORDER BY o.tenant_name, c.report_period, a.menu_order;

COMMENT ON VIEW app_platforms IS 'Users of each of the Microsoft 365 Apps by platform, in the newest period of each length: one row per tenant, app and period. Somebody on two platforms is in both, so that platforms do not add up.';
COMMENT ON COLUMN app_platforms.tenant_name IS 'Name of the tenant in pipelines.yaml.';
COMMENT ON COLUMN app_platforms.app IS 'word, excel, powerpoint, onenote, teams_app or outlook_app.';
COMMENT ON COLUMN app_platforms.app_label IS 'What the app is called.';
COMMENT ON COLUMN app_platforms.report_period IS 'Days covered, counted back from report_date: 7, 30, 90 or 180.';
COMMENT ON COLUMN app_platforms.report_date IS 'Last day the numbers cover.';
COMMENT ON COLUMN app_platforms.licensed_users IS 'Users with a licence that grants the app, as in app_usage.';
COMMENT ON COLUMN app_platforms.users IS 'Users of the app on any platform, licensed or not: active_users + unlicensed_active_users of app_usage.';
COMMENT ON COLUMN app_platforms.windows_users IS 'Those who used it on Windows.';
COMMENT ON COLUMN app_platforms.mac_users IS 'Those who used it on Mac.';
COMMENT ON COLUMN app_platforms.mobile_users IS 'Those who used it on a phone or tablet.';
COMMENT ON COLUMN app_platforms.web_users IS 'Those who used it in a browser.';
COMMENT ON COLUMN app_platforms.desktop_users IS 'Those who used it on Windows or Mac.';
COMMENT ON COLUMN app_platforms.no_desktop_users IS 'users without desktop_users: on mobile or web only.';
COMMENT ON COLUMN app_platforms.windows_percent IS 'windows_users as a percentage of users; NULL when there are none.';
COMMENT ON COLUMN app_platforms.mac_percent IS 'mac_users as a percentage of users; NULL when there are none.';
COMMENT ON COLUMN app_platforms.mobile_percent IS 'mobile_users as a percentage of users; NULL when there are none.';
COMMENT ON COLUMN app_platforms.web_percent IS 'web_users as a percentage of users; NULL when there are none.';
COMMENT ON COLUMN app_platforms.desktop_percent IS 'desktop_users as a percentage of users; NULL when there are none.';
COMMENT ON COLUMN app_platforms.tenant_id IS 'Entra tenant (directory) id.';
