-- Is activity known by person, and if not, why, since when, and what is to be done?
-- Columns from: organizations.
CREATE OR REPLACE VIEW concealment AS
WITH by_person AS (
  SELECT tenant_id, max(report_date) AS report_date
  FROM app_activity
  WHERE app = 'cumulative' AND report_period = 30
  GROUP BY tenant_id
),
by_pseudonym AS (
  SELECT tenant_id, max(report_date) AS report_date
  FROM concealed_metrics
  WHERE report_period = 30
  GROUP BY tenant_id
),
-- The runs that got reports; a run in which all of them failed says nothing.
runs_with_reports AS (
  SELECT tenant_id, run_id, any_value(run_day) AS run_day, bool_or(status = 'concealed') AS concealed
  FROM report_status
  WHERE asked_day IS NULL AND status IN ('good', 'late', 'concealed')
  GROUP BY tenant_id, run_id
),
last_clear AS (
  SELECT tenant_id, max(run_id) AS run_id
  FROM runs_with_reports
  WHERE NOT concealed
  GROUP BY tenant_id
),
since AS (
  SELECT r.tenant_id, min(r.run_day) AS concealed_since
  FROM runs_with_reports AS r
  LEFT JOIN last_clear AS c USING (tenant_id)
  WHERE r.concealed AND (c.run_id IS NULL OR r.run_id > c.run_id)
  GROUP BY r.tenant_id
),
judged AS (
  SELECT
    o.tenant_name,
    o.tenant_id,
    o.concealed_names AS concealed_by_setting,
    s.concealed_since,
    k.report_date AS known_until,
    p.report_date AS pseudonyms_until,
    k.report_date IS NOT NULL AND coalesce(p.report_date <= k.report_date, true) AS activity_known
  FROM organizations AS o
  LEFT JOIN by_person AS k USING (tenant_id)
  LEFT JOIN by_pseudonym AS p USING (tenant_id)
  LEFT JOIN since AS s USING (tenant_id)
)
SELECT
  tenant_name,
  concealed_since IS NOT NULL AS names_concealed,
  concealed_since,
  concealed_by_setting,
  activity_known,
  CASE
    WHEN activity_known THEN NULL
    WHEN pseudonyms_until IS NULL THEN 'nothing is measured yet: that needs every configured report over 30 days'
    ELSE concat(
      CASE
        WHEN concealed_since IS NULL THEN 'names were concealed, and not all reports have come since'
        ELSE 'names are concealed since ' || concealed_since
      END,
      coalesce('; activity by person is known up to ' || known_until, '; activity by person was never known'),
      CASE
        WHEN concealed_since IS NULL OR NOT concealed_by_setting THEN '; the next run should have them'
        ELSE '; to see names, clear "Display concealed user, group, and site names in all reports" '
          'under Settings > Org settings > Services > Reports in the Microsoft 365 admin center'
      END
    )
  END AS activity_note,
  known_until,
  pseudonyms_until,
  tenant_id
FROM judged
ORDER BY tenant_name;

COMMENT ON VIEW concealment IS
  'Whether each tenant conceals names in the usage reports, and whether activity is known by person. Where it is '
  'not, app_usage still counts pseudonyms, and the views about people give no verdict.';
COMMENT ON COLUMN concealment.names_concealed IS 'Whether the last run that got reports found names concealed.';
COMMENT ON COLUMN concealment.concealed_since IS 'Day of the first run that found them so; NULL when they are not.';
COMMENT ON COLUMN concealment.concealed_by_setting IS
  'What the tenant''s setting said in the last run; NULL when it could not be read. The reports follow it within '
  'minutes.';
COMMENT ON COLUMN concealment.activity_known IS
  
  'Whether activity in any app over 30 days is known by person as late as by pseudonym; '
  'false while Microsoft conceals names.';
COMMENT ON COLUMN concealment.activity_note IS 'Why it is not, up to when it was, and what to do; NULL when it is.';
COMMENT ON COLUMN concealment.known_until IS 'Last day of activity known by person; NULL when there never was any.';
COMMENT ON COLUMN concealment.pseudonyms_until IS
  'Last day of activity counted by pseudonym; NULL when there never was any.';
