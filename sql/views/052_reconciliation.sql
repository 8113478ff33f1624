-- Do our numbers of active users agree with Microsoft's own, and if not, why?
-- Columns from: organizations, apps.label AS app_label, tenant_counts.
CREATE OR REPLACE VIEW reconciliation AS
WITH compared AS (
  SELECT app, our_report, microsoft_report, by_day
  FROM (
    VALUES
      ('word', 'm365_app_user_detail', 'm365_app_user_counts', true),
      ('excel', 'm365_app_user_detail', 'm365_app_user_counts', true),
      ('powerpoint', 'm365_app_user_detail', 'm365_app_user_counts', true),
      ('onenote', 'm365_app_user_detail', 'm365_app_user_counts', true),
      ('teams_app', 'm365_app_user_detail', 'm365_app_user_counts', true),
      ('outlook_app', 'm365_app_user_detail', 'm365_app_user_counts', true),
      ('yammer', 'yammer_activity_user_detail', 'office365_active_user_counts', true),
      ('skype_for_business', 'office365_active_user_detail', 'office365_active_user_counts', true),
      ('onedrive', 'onedrive_activity_user_detail', 'office365_active_user_counts', true),
      ('sharepoint', 'sharepoint_activity_user_detail', 'office365_active_user_counts', true),
      ('microsoft_teams', 'teams_user_activity_detail', 'office365_active_user_counts', true),
      ('exchange', 'email_activity_user_detail', 'office365_active_user_counts', true),
      ('yammer', 'yammer_activity_user_detail', 'office365_services_user_counts', false),
      ('skype_for_business', 'office365_active_user_detail', 'office365_services_user_counts', false),
      ('onedrive', 'onedrive_activity_user_detail', 'office365_services_user_counts', false),
      ('sharepoint', 'sharepoint_activity_user_detail', 'office365_services_user_counts', false),
      ('microsoft_teams', 'teams_user_activity_detail', 'office365_services_user_counts', false),
      ('exchange', 'email_activity_user_detail', 'office365_services_user_counts', false),
      ('copilot', 'copilot_usage_user_detail', 'copilot_user_count_summary', false)
  ) AS list (app, our_report, microsoft_report, by_day)
),
newest AS (
  SELECT t.tenant_id, t.report, CASE WHEN r.by_day THEN 1 ELSE t.report_period END AS report_period, max(t.as_of) AS as_of
  FROM tenant_counts AS t
  JOIN (SELECT DISTINCT microsoft_report, by_day FROM compared) AS r ON r.microsoft_report = t.report
  GROUP BY ALL
),
-- Every day or period that Microsoft counted, also of apps for which there is no number.
counted AS (
  SELECT DISTINCT n.tenant_id, n.report, n.report_period, n.as_of, t.report_date
  FROM tenant_counts AS t
  JOIN newest AS n ON n.tenant_id = t.tenant_id AND n.report = t.report AND n.as_of = t.as_of AND n.report_period IN (1, t.report_period)
),
numbers AS (
  SELECT n.tenant_id, n.report, n.report_period, t.report_date, t.app, max(t.users) AS users
  FROM tenant_counts AS t
  JOIN newest AS n ON n.tenant_id = t.tenant_id AND n.report = t.report AND n.as_of = t.as_of AND n.report_period IN (1, t.report_period)
  WHERE t.measure = 'active'
  GROUP BY ALL
),
theirs AS (
  SELECT c.*, p.app, p.our_report, n.users
  FROM counted AS c
  JOIN compared AS p ON p.microsoft_report = c.report
  LEFT JOIN numbers AS n
    ON n.tenant_id = c.tenant_id
    AND n.report = c.report
    AND n.report_period = c.report_period
    AND n.report_date = c.report_date
    AND n.app = p.app
),
-- Version 2 of Copilot's report has 28 days, but our number is of 30, as Microsoft's is (decisions 23 and 35).
status AS (
  FROM report_status
  SELECT * REPLACE (CASE WHEN report_period = 28 THEN 30 ELSE report_period END AS report_period)
),
asked AS (
  SELECT
    tenant_id,
    report,
    report_period,
    asked_day,
    arg_max(status, run_id) AS status,
    bool_or(status = 'good') AS good
  FROM status
  GROUP BY ALL
),
-- Users whom the directory does not have, in the reports behind our numbers: of a day by the day that was asked
-- for, of a period by the report's own date.
strangers AS (
  SELECT
    tenant_id,
    report,
    report_period,
    coalesce(asked_day, report_date) AS report_date,
    arg_max(unmatched_rows, run_id) AS rows
  FROM status
  WHERE status IN ('good', 'late')
  GROUP BY ALL
),
day_users AS (
  SELECT tenant_id, report_date, app, count(*) AS users
  FROM app_activity_daily
  GROUP BY ALL
),
period_users AS (
  SELECT tenant_id, report_date, report_period, app, active_users + unlicensed_active_users AS users
  FROM activity_metrics
  WHERE all_departments
  UNION ALL
  SELECT tenant_id, report_date, report_period, app, active_users
  FROM concealed_metrics
  ANTI JOIN activity_metrics USING (tenant_id, report_date, report_period, app)
),
last_period AS (
  SELECT tenant_id, report_period, app, max(report_date) AS report_date
  FROM period_users
  GROUP BY ALL
),
both_sides AS (
  SELECT
    t.*,
    t.report_date AS our_report_date,
    CASE WHEN k.good THEN coalesce(d.users, 0) END AS our_users,
    CASE WHEN NOT k.good THEN k.status END AS fault
  FROM theirs AS t
  JOIN asked AS k ON k.tenant_id = t.tenant_id AND k.report = t.our_report AND k.asked_day = t.report_date
  LEFT JOIN day_users AS d ON d.tenant_id = t.tenant_id AND d.report_date = t.report_date AND d.app = t.app
  WHERE t.report_period = 1
  UNION ALL
  SELECT
    t.*,
    coalesce(s.report_date, l.report_date),
    coalesce(s.users, o.users),
    CASE WHEN k.status NOT IN ('good', 'late') THEN k.status END
  FROM theirs AS t
  LEFT JOIN asked AS k
    ON k.tenant_id = t.tenant_id AND k.report = t.our_report AND k.report_period = t.report_period AND k.asked_day IS NULL
  LEFT JOIN period_users AS s
    ON s.tenant_id = t.tenant_id AND s.report_period = t.report_period AND s.app = t.app AND s.report_date = t.report_date
  LEFT JOIN last_period AS l ON l.tenant_id = t.tenant_id AND l.report_period = t.report_period AND l.app = t.app
  LEFT JOIN period_users AS o
    ON o.tenant_id = l.tenant_id AND o.report_period = l.report_period AND o.app = l.app AND o.report_date = l.report_date
  WHERE t.report_period <> 1
),
measured AS (
  SELECT
    b.*,
    coalesce(b.users, 0) AS microsoft_users,
    b.our_users - coalesce(b.users, 0) AS difference,
    coalesce(s.rows, 0) AS unmatched
  FROM both_sides AS b
  LEFT JOIN strangers AS s
    ON s.tenant_id = b.tenant_id AND s.report = b.our_report AND s.report_period = b.report_period AND s.report_date = b.our_report_date
  WHERE b.users IS NOT NULL OR b.our_users > 0
)
SELECT
  o.tenant_name,
  m.app,
  a.label AS app_label,
  m.report_period,
  m.report_date,
  m.our_report_date,
  m.our_users,
  m.microsoft_users,
  m.difference,
  round(100 * m.difference / nullif(m.microsoft_users, 0), 1) AS difference_percent,
  abs(m.difference) <= greatest(2, 0.02 * m.microsoft_users) AS within_tolerance,
  CASE
    WHEN m.our_users IS NULL THEN 'no number of ours: ' || CASE
      WHEN m.fault = 'concealed' THEN 'names are concealed'
      WHEN m.fault IS NOT NULL THEN 'our report is ' || m.fault
      ELSE 'our report was not read'
    END
    WHEN m.difference <> 0 THEN coalesce(
      nullif(concat_ws(
        '; ',
        CASE WHEN m.our_report_date <> m.report_date THEN 'different report dates' END,
        CASE WHEN m.our_report_date < m.report_date AND m.fault = 'concealed' THEN 'names are concealed, so that ours is older' END,
        CASE
          WHEN m.our_report_date < m.report_date AND m.fault <> 'concealed'
            THEN 'our report is ' || m.fault || ', so that ours is older'
        END,
        CASE WHEN m.users IS NULL THEN 'Microsoft gives no number, taken as 0' END,
        CASE WHEN m.difference < 0 AND m.unmatched > 0 THEN 'we lack ' || m.unmatched || ' unmatched rows' END,
        CASE WHEN m.difference + m.unmatched < 0 THEN 'Microsoft counts closed accounts too' END,
        CASE WHEN m.report_period = 1 AND m.report_date > m.as_of - 7 THEN 'Microsoft may still correct the day' END
      ), ''),
      'not explained'
    )
  END AS why,
  m.our_report,
  m.report AS microsoft_report,
  m.as_of,
  m.tenant_id
FROM measured AS m
JOIN apps AS a USING (app)
JOIN organizations AS o USING (tenant_id)
ORDER BY o.tenant_name, m.report_period DESC, m.report_date DESC, a.menu_order;

COMMENT ON VIEW reconciliation IS
  'Our active users against Microsoft''s: one row per tenant, app, and period or single day. Only what both count: '
  'any app, inactive users and single kinds of activity have no equal, nor have the Apps (Word and so on) over a '
  'period and Copilot by day.';
COMMENT ON COLUMN reconciliation.app IS
  'The app, as in app_usage. Word, Excel, PowerPoint, OneNote, Teams and Outlook as apps are compared by day, the '
  'services by day and by period, Copilot by period.';
COMMENT ON COLUMN reconciliation.report_period IS 'Days covered: 7, 30, 90 or 180; 1 for a single day.';
COMMENT ON COLUMN reconciliation.report_date IS 'The day that Microsoft counted, or the last day of the period.';
COMMENT ON COLUMN reconciliation.our_report_date IS
  'The same of ours. For a period the same day where we have it, else our newest; NULL when there is none.';
COMMENT ON COLUMN reconciliation.our_users IS
  'Different users with activity in the app, licensed or not, since Microsoft does not ask for a licence: of a day '
  'from app_activity_daily; of a period active_users + unlicensed_active_users of activity_metrics, all '
  'departments. NULL when we have no number.';
COMMENT ON COLUMN reconciliation.microsoft_users IS
  'Measure active of tenant_counts, of the newest as_of: of a day from m365_app_user_counts or '
  'office365_active_user_counts, of a period from office365_services_user_counts or copilot_user_count_summary. 0 '
  'where Microsoft counted that day or period but gives no number for the app.';
COMMENT ON COLUMN reconciliation.difference IS 'our_users - microsoft_users.';
COMMENT ON COLUMN reconciliation.difference_percent IS
  'difference as a percentage of microsoft_users; NULL when that is 0.';
COMMENT ON COLUMN reconciliation.within_tolerance IS
  'Whether the difference is at most 2 users or 2 percent of microsoft_users, whichever is more; NULL when we have '
  'no number.';
COMMENT ON COLUMN reconciliation.why IS
  'What is known that makes the numbers differ, or why we have none; not explained when nothing is known, NULL when '
  'they are equal. That Microsoft counts closed accounts too is what remains when unmatched rows do not suffice.';
COMMENT ON COLUMN reconciliation.our_report IS 'The usage report that decides the app.';
COMMENT ON COLUMN reconciliation.microsoft_report IS 'The report with Microsoft''s number.';
