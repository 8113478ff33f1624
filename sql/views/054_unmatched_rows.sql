-- Whom do the newest usage reports name that the directory does not have?
-- Columns from: organizations.
CREATE OR REPLACE VIEW unmatched_rows AS
-- Not materialized: the rows of all reports would be held in memory.
WITH reported AS NOT MATERIALIZED (
  {{- range $index, $report := reportsOfUsers}}
  {{- if $index}}
  UNION ALL
  {{- end}}
  SELECT tenant_id, {{literal $report.Name}} AS report, report_date, user_principal_name, user_key
  FROM {{table $report.Table.Name}}
  {{- end}}
),
newest AS (
  SELECT tenant_id, report, max(report_date) AS report_date
  FROM reported
  GROUP BY tenant_id, report
)
SELECT DISTINCT
  o.tenant_name,
  r.report,
  r.user_principal_name,
  r.report_date,
  r.tenant_id
FROM reported AS r
SEMI JOIN newest AS n ON n.tenant_id = r.tenant_id AND n.report = r.report AND n.report_date = r.report_date
JOIN organizations AS o ON o.tenant_id = r.tenant_id
WHERE r.user_key IS NULL AND NOT regexp_full_match(r.user_principal_name, '[0-9A-Fa-f]{32}')
ORDER BY o.tenant_name, r.report, r.user_principal_name;

COMMENT ON VIEW unmatched_rows IS
  'Names in the newest of each usage report that belong to nobody in the directory: accounts deleted long ago, '
  'shared mailboxes and the like. One row per tenant, report and name, whatever the periods; concealed names are '
  'left out.';
COMMENT ON COLUMN unmatched_rows.report IS 'The usage report.';
COMMENT ON COLUMN unmatched_rows.user_principal_name IS 'Sign-in name as the report gives it.';
COMMENT ON COLUMN unmatched_rows.report_date IS 'Last day that the newest of these reports covers.';
