-- Of which single days is it known who used each app?
-- Columns from: day_coverage.
CREATE OR REPLACE VIEW known_days AS
WITH asked AS (
  SELECT
    tenant_id,
    report,
    report_date,
    -- An empty day is one on which nobody did anything, such as Yammer's Sunday, if Microsoft has something of another
    -- report, or still has nothing a week later. Otherwise it is only not there yet.
    status = 'good'
      OR status = 'empty'
      AND (bool_or(status = 'good') OVER (PARTITION BY tenant_id, report_date) OR last_asked >= report_date + 7) AS known
  FROM day_coverage
),
deciding AS (
  SELECT DISTINCT tenant_id, app, report
  FROM activity_trend
  WHERE app <> 'cumulative'
  UNION
  SELECT DISTINCT tenant_id, app, report
  FROM activity_metrics
  WHERE app <> 'cumulative' AND all_departments
),
-- Reports that give no single days, such as Copilot's, say nothing here, and are not waited for.
daily AS (
  SELECT DISTINCT tenant_id, report
  FROM asked
),
wanted AS (
  SELECT tenant_id, count(DISTINCT report) AS reports
  FROM deciding
  JOIN daily USING (tenant_id, report)
  GROUP BY tenant_id
),
known AS (
  SELECT a.tenant_id, d.app, a.report_date
  FROM asked AS a
  JOIN deciding AS d USING (tenant_id, report)
  WHERE a.known
  UNION ALL
  SELECT a.tenant_id, 'cumulative', a.report_date
  FROM asked AS a
  JOIN wanted AS w USING (tenant_id)
  SEMI JOIN deciding AS d ON d.tenant_id = a.tenant_id AND d.report = a.report
  WHERE a.known
  GROUP BY a.tenant_id, a.report_date
  HAVING count(*) = any_value(w.reports)
)
SELECT o.tenant_name, k.app, k.report_date, k.tenant_id
FROM known AS k
JOIN organizations AS o USING (tenant_id)
JOIN apps AS n USING (app)
ORDER BY o.tenant_name, n.menu_order, k.report_date;

COMMENT ON VIEW known_days IS
  'The single days of which it is known who used an app: one row per tenant, app and day. The other days are not in '
  'our history.';
COMMENT ON COLUMN known_days.app IS
  'The app. cumulative is known if every report is that decides an app and gives single days.';
