-- Who is there, since when, in what state, and which apps does each use?
CREATE OR REPLACE VIEW users_directory AS
WITH newest AS (
  SELECT tenant_id, app, max(report_date) AS report_date
  FROM app_activity
  WHERE report_period = 30 AND app <> 'cumulative'
  GROUP BY tenant_id, app
),
measured AS (
  SELECT tenant_id, max(report_date) AS report_date
  FROM newest
  GROUP BY tenant_id
),
-- One bit for each app: a list for each user would take a hundred times the memory.
used AS (
  SELECT v.tenant_id, v.user_key, bit_or(1 << a.menu_order) AS apps
  FROM app_activity AS v
  SEMI JOIN newest AS n ON n.tenant_id = v.tenant_id AND n.app = v.app AND n.report_date = v.report_date
  JOIN apps AS a ON a.app = v.app
  WHERE v.report_period = 30 AND v.active
  GROUP BY v.tenant_id, v.user_key
),
menu AS (
  SELECT list(label ORDER BY menu_order) AS labels
  FROM apps
)
SELECT
  o.tenant_name,
  u.display_name,
  u.mail AS email,
  u.user_principal_name,
  u.department,
  u.job_title,
  CASE
    WHEN u.deleted_at IS NOT NULL THEN 'deleted'
    WHEN NOT u.account_enabled THEN 'disabled'
    WHEN u.user_type = 'Guest' THEN 'guest'
    ELSE 'active'
  END AS status,
  u.first_seen AS detected_on,
  CASE
    WHEN m.report_date IS NOT NULL
      THEN list_filter(menu.labels, lambda label, place: coalesce(d.apps, 0) & (1 << (place - 1)) <> 0)
  END AS applications,
  m.report_date,
  u.created_at::DATE AS created_on,
  u.deleted_at AS deleted_on,
  u.user_id,
  u.user_key,
  u.tenant_id
FROM users AS u
JOIN organizations AS o USING (tenant_id)
CROSS JOIN menu
LEFT JOIN measured AS m USING (tenant_id)
LEFT JOIN used AS d USING (tenant_id, user_key)
ORDER BY o.tenant_name, u.display_name NULLS LAST, u.user_principal_name, u.user_key;

COMMENT ON VIEW users_directory IS 'Everybody ever seen in the directory: one row per account.';
COMMENT ON COLUMN users_directory.tenant_name IS 'Name of the tenant in pipelines.yaml.';
COMMENT ON COLUMN users_directory.display_name IS 'Name shown in address books.';
COMMENT ON COLUMN users_directory.email IS 'Primary mail address.';
COMMENT ON COLUMN users_directory.user_principal_name IS 'Sign-in name; somebody who was deleted and made anew has two rows with it.';
COMMENT ON COLUMN users_directory.department IS 'Department; NULL when none is set.';
COMMENT ON COLUMN users_directory.job_title IS 'Job title.';
COMMENT ON COLUMN users_directory.status IS 'deleted, disabled, guest or active, the first that fits.';
COMMENT ON COLUMN users_directory.detected_on IS 'First run day on which the directory listed the account.';
COMMENT ON COLUMN users_directory.applications IS 'Apps used in the 30 days up to report_date, in the order of the menu; empty when none, NULL while nothing is measured.';
COMMENT ON COLUMN users_directory.report_date IS 'Last day that applications covers; single apps can be older when their report failed.';
COMMENT ON COLUMN users_directory.created_on IS 'When the account was created.';
COMMENT ON COLUMN users_directory.deleted_on IS 'First run day on which the directory no longer listed the account.';
COMMENT ON COLUMN users_directory.user_id IS 'Entra object id.';
COMMENT ON COLUMN users_directory.user_key IS 'The user; the key of all facts, with tenant_id.';
COMMENT ON COLUMN users_directory.tenant_id IS 'Entra tenant (directory) id.';
