-- What would somebody write who loads the same raw files with nothing but DuckDB?
CREATE TABLE users AS
SELECT u.*
FROM (
  SELECT unnest(value) AS u
  FROM read_json(getvariable('raw') || '/users.jsonl.zst', format = 'newline_delimited', maximum_object_size = 67108864,
    columns = {value: 'STRUCT(id VARCHAR, userPrincipalName VARCHAR, mail VARCHAR, displayName VARCHAR, givenName VARCHAR, surname VARCHAR, jobTitle VARCHAR, department VARCHAR, companyName VARCHAR, officeLocation VARCHAR, city VARCHAR, country VARCHAR, usageLocation VARCHAR, employeeId VARCHAR, employeeType VARCHAR, userType VARCHAR, accountEnabled BOOLEAN, createdDateTime TIMESTAMPTZ, licenseAssignmentStates STRUCT(skuId VARCHAR, disabledPlans VARCHAR[], assignedByGroup VARCHAR, state VARCHAR, error VARCHAR)[])[]'})
);
CREATE TABLE license_assignments AS
SELECT id, unnest(licenseAssignmentStates, recursive := true) FROM users;
CREATE TABLE licensed AS
WITH plans AS (
  SELECT p.sku_id, p.service_plan_id, unnest(string_split(s.app, '|')) AS app
  FROM read_csv(getvariable('products') || '/sku_plans.csv') AS p
  JOIN read_csv(getvariable('products') || '/service_plans.csv') AS s USING (service_plan_id)
  WHERE s.app IS NOT NULL
)
SELECT DISTINCT id, unnest(CASE app
  WHEN 'office_apps' THEN ['word', 'excel', 'powerpoint', 'onenote']
  WHEN 'office_web' THEN ['word', 'excel', 'powerpoint', 'onenote']
  WHEN 'exchange' THEN ['exchange', 'outlook_app']
  WHEN 'microsoft_teams' THEN ['microsoft_teams', 'teams_app']
  ELSE [app] END) AS app
FROM license_assignments AS l
JOIN plans AS p ON p.sku_id = l.skuId AND NOT list_contains(l.disabledPlans, p.service_plan_id)
WHERE l.state = 'Active';

CREATE TABLE office365 AS SELECT regexp_extract(filename, '_D(\d+)', 1)::INT AS period, * FROM read_csv(getvariable('raw') || '/office365_*.csv.zst', filename = true, union_by_name = true);
CREATE TABLE m365 AS SELECT regexp_extract(filename, '_D(\d+)', 1)::INT AS period, * FROM read_csv(getvariable('raw') || '/m365_*.csv.zst', filename = true, union_by_name = true);
CREATE TABLE teams AS SELECT regexp_extract(filename, '_D(\d+)', 1)::INT AS period, * FROM read_csv(getvariable('raw') || '/teams_*.csv.zst', filename = true, union_by_name = true);

CREATE TABLE app_activity AS
WITH seen AS (
  SELECT period, "User Principal Name" AS upn, "Report Refresh Date" AS report_date, unnest(['exchange', 'onedrive', 'sharepoint', 'skype_for_business', 'yammer']) AS app,
    unnest(["Exchange Last Activity Date"::VARCHAR, "OneDrive Last Activity Date"::VARCHAR, "SharePoint Last Activity Date"::VARCHAR, "Skype For Business Last Activity Date"::VARCHAR, "Yammer Last Activity Date"::VARCHAR])::DATE AS last, NULL::BOOLEAN AS flag, NULL::BIGINT AS actions
  FROM office365
  UNION ALL
  SELECT period, "User Principal Name", "Report Refresh Date", unnest(['word', 'excel', 'powerpoint', 'onenote', 'teams_app', 'outlook_app']),
    NULL, unnest([Word, Excel, PowerPoint, OneNote, Teams, Outlook]), NULL
  FROM m365
  UNION ALL
  SELECT period, "User Principal Name", "Report Refresh Date", 'microsoft_teams', "Last Activity Date",
    NULL, "Team Chat Message Count" + "Private Chat Message Count" + "Call Count" + "Meeting Count"
  FROM teams
)
SELECT s.period, s.app, u.id, s.report_date, l.id IS NOT NULL AS licensed, coalesce(s.flag, s.last > s.report_date - s.period, false) AS active, s.last, s.actions
FROM seen AS s
JOIN users AS u ON lower(u.userPrincipalName) = lower(s.upn)
LEFT JOIN licensed AS l ON l.id = u.id AND l.app = s.app
WHERE licensed OR active OR s.last IS NOT NULL;
INSERT INTO app_activity
SELECT period, 'cumulative', id, max(report_date), bool_or(licensed), bool_or(active), max(last), NULL FROM app_activity GROUP BY ALL;
CREATE TABLE activity_metrics AS
SELECT period, app, department, count(*) FILTER (WHERE licensed) AS licensed_users, count(*) FILTER (WHERE licensed AND active) AS active_users, sum(actions) AS actions
FROM app_activity JOIN users USING (id)
GROUP BY GROUPING SETS ((period, app), (period, app, department));
COPY users TO '{out}/users.parquet' (COMPRESSION zstd);
COPY license_assignments TO '{out}/license_assignments.parquet' (COMPRESSION zstd);
COPY office365 TO '{out}/office365.parquet' (COMPRESSION zstd);
COPY m365 TO '{out}/m365.parquet' (COMPRESSION zstd);
COPY teams TO '{out}/teams.parquet' (COMPRESSION zstd);
COPY app_activity TO '{out}/app_activity.parquet' (COMPRESSION zstd);
