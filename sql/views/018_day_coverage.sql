-- Which single days do we know of each report, and which can Graph no longer give?
-- Columns from: organizations, report_status.
CREATE OR REPLACE VIEW day_coverage AS
SELECT
  o.tenant_name,
  r.report,
  r.asked_day AS report_date,
  CASE
    WHEN bool_or(r.status = 'good') THEN 'good'
    ELSE arg_max(r.status, r.run_id)
  END AS status,
  max(r.run_day) AS last_asked,
  arg_max(r.detail, r.run_id) FILTER (WHERE r.status <> 'good') AS detail,
  r.tenant_id
FROM report_status AS r
JOIN organizations AS o USING (tenant_id)
WHERE r.asked_day IS NOT NULL
GROUP BY o.tenant_name, r.report, r.asked_day, r.tenant_id
ORDER BY o.tenant_name, r.report, r.asked_day;

COMMENT ON VIEW day_coverage IS 'What is known of each single day: one row per tenant, report and day ever asked for.';
COMMENT ON COLUMN day_coverage.report_date IS 'The day.';
COMMENT ON COLUMN day_coverage.status IS
  'good once any run got it; else what the last run found: empty (nobody active, or not there yet), failed, '
  'partial, concealed, or missing (Microsoft no longer gives it).';
COMMENT ON COLUMN day_coverage.last_asked IS 'Run day of the last run that asked for it or noted it missing.';
COMMENT ON COLUMN day_coverage.detail IS
  'What was wrong, from the last run that did not get it; NULL when none failed.';
