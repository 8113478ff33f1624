-- How fresh is each usage report, and what was wrong with it in the last run?
-- Columns from: organizations, report_status.
CREATE OR REPLACE VIEW data_freshness AS
WITH last_run AS (
  FROM report_status
  WHERE asked_day IS NULL
  QUALIFY run_id = max(run_id) OVER (PARTITION BY tenant_id, report, report_period)
),
last_fit AS (
  SELECT tenant_id, report, report_period, max(report_date) AS report_date
  FROM report_status
  WHERE asked_day IS NULL AND status IN ('good', 'late')
  GROUP BY ALL
),
last_concealed AS (
  SELECT tenant_id, report, report_period, max(report_date) AS report_date
  FROM report_status
  WHERE asked_day IS NULL AND status = 'concealed'
  GROUP BY ALL
)
SELECT
  o.tenant_name,
  r.report,
  r.report_period,
  r.status,
  f.report_date,
  r.run_day - f.report_date AS days_behind,
  c.report_date AS concealed_report_date,
  r.run_day,
  r.rows,
  r.unmatched_rows,
  r.detail,
  r.tenant_id
FROM last_run AS r
JOIN organizations AS o USING (tenant_id)
LEFT JOIN last_fit AS f USING (tenant_id, report, report_period)
LEFT JOIN last_concealed AS c USING (tenant_id, report, report_period)
ORDER BY o.tenant_name, r.report, r.report_period;

COMMENT ON VIEW data_freshness IS 'State of each usage report: one row per tenant, report and period.';
COMMENT ON COLUMN data_freshness.report_period IS
  'Days asked for: 7, 28, 30, 90 or 180; 0 for a report without periods.';
COMMENT ON COLUMN data_freshness.run_day IS 'Day of the last run that asked for it.';
COMMENT ON COLUMN data_freshness.rows IS 'Rows of the report in that run.';
COMMENT ON COLUMN data_freshness.status IS 'Of the last run: good, late, empty, concealed, partial or failed.';
COMMENT ON COLUMN data_freshness.report_date IS 'Last day covered by the newest data that moved metrics of people.';
COMMENT ON COLUMN data_freshness.days_behind IS 'Days from report_date to the last run; about 2 is usual.';
COMMENT ON COLUMN data_freshness.concealed_report_date IS
  'Last day covered by data without names, of which app_usage counts the pseudonyms; NULL when there never was any.';
COMMENT ON COLUMN data_freshness.unmatched_rows IS 'Rows of the last run whose user is not in the directory.';
