-- Who is there, since when, in what state, in which licence groups, and which apps does each use?
-- Columns from: users, organizations, concealment.
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
memberships AS (
  SELECT DISTINCT a.tenant_id, a.user_key, coalesce(g.display_name, a.assigned_by_group_id) AS name
  FROM license_assignments AS a
  LEFT JOIN license_groups AS g ON g.tenant_id = a.tenant_id AND g.group_id = a.assigned_by_group_id
  WHERE a.source = 'group' AND (a.state IS NULL OR a.state IN ('Active', 'ActiveWithError'))
),
-- Text for each user, made a list at the end, for the same reason.
grouped AS (
  SELECT tenant_id, user_key, string_agg(name, chr(10)) AS names
  FROM memberships
  GROUP BY tenant_id, user_key
),
managers AS (
  SELECT tenant_id, user_id, coalesce(display_name, user_principal_name) AS name
  FROM users AS m
  SEMI JOIN users AS u ON u.tenant_id = m.tenant_id AND u.manager_id = m.user_id
),
asked AS (
  SELECT tenant_id, max(snapshot_date) AS snapshot_date
  FROM sign_ins
  GROUP BY tenant_id
),
signed_in AS (
  SELECT
    tenant_id,
    user_key,
    coalesce(last_successful_sign_in_at, last_sign_in_at, last_non_interactive_sign_in_at) AS last_logged_in_at
  FROM sign_ins
  SEMI JOIN asked USING (tenant_id, snapshot_date)
),
-- What is asked for and not done, by sign-in name or object id; only restore_user is about the deleted.
requested AS (
  SELECT
    tenant_id,
    lower(target_user) AS who,
    action_id,
    concat_ws(' ', action, sku, new_sku, target_group, usage_location) AS text,
    action = 'restore_user' AS gone
  FROM provisioning_actions
  WHERE status IN ('requested', 'planned', 'waiting_for_seat')
),
pending AS (
  SELECT tenant_id, user_key, list(text ORDER BY action_id) AS requests
  FROM (
    SELECT r.tenant_id, u.user_key, r.action_id, r.text
    FROM requested AS r
    JOIN users AS u ON u.tenant_id = r.tenant_id AND lower(u.user_principal_name) = r.who AND (u.deleted_at IS NOT NULL) = r.gone
    UNION
    SELECT r.tenant_id, u.user_key, r.action_id, r.text
    FROM requested AS r
    JOIN users AS u ON u.tenant_id = r.tenant_id AND u.user_id = r.who
  )
  GROUP BY tenant_id, user_key
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
  b.name AS manager,
  CASE
    WHEN u.deleted_at IS NOT NULL THEN 'deleted'
    WHEN NOT u.account_enabled THEN 'disabled'
    WHEN u.user_type = 'Guest' THEN 'guest'
    ELSE 'active'
  END AS status,
  u.first_seen AS detected_on,
  coalesce(list_sort(string_split(g.names, chr(10))), []) AS groups,
  CASE
    WHEN m.report_date IS NOT NULL
      THEN list_filter(menu.labels, lambda label, place: coalesce(d.apps, 0) & (1 << (place - 1)) <> 0)
  END AS applications,
  m.report_date,
  coalesce(q.requests, []) AS pending_requests,
  c.activity_known,
  c.activity_note,
  i.last_logged_in_at,
  u.created_at::DATE AS created_on,
  u.deleted_at AS deleted_on,
  u.user_id,
  u.user_key,
  u.tenant_id
FROM users AS u
JOIN organizations AS o USING (tenant_id)
JOIN concealment AS c USING (tenant_id)
CROSS JOIN menu
LEFT JOIN measured AS m USING (tenant_id)
LEFT JOIN used AS d USING (tenant_id, user_key)
LEFT JOIN grouped AS g USING (tenant_id, user_key)
LEFT JOIN signed_in AS i USING (tenant_id, user_key)
LEFT JOIN pending AS q USING (tenant_id, user_key)
LEFT JOIN managers AS b ON b.tenant_id = u.tenant_id AND b.user_id = u.manager_id
ORDER BY o.tenant_name, u.display_name NULLS LAST, u.user_principal_name, u.user_key;

COMMENT ON VIEW users_directory IS 'Everybody ever seen in the directory: one row per account.';
COMMENT ON COLUMN users_directory.email IS 'Primary mail address.';
COMMENT ON COLUMN users_directory.user_principal_name IS
  'Sign-in name; somebody who was deleted and made anew has two rows with it.';
COMMENT ON COLUMN users_directory.manager IS
  'Name of the manager, the sign-in name when there is no other; NULL when none is set, or when it is none of the '
  'users.';
COMMENT ON COLUMN users_directory.status IS 'deleted, disabled, guest or active, the first that fits.';
COMMENT ON COLUMN users_directory.detected_on IS 'First run day on which the directory listed the account.';
COMMENT ON COLUMN users_directory.groups IS
  'Names of the groups from which the user has licences that work, in order; the id where the name is not known. '
  'Other groups are not read.';
COMMENT ON COLUMN users_directory.applications IS
  'Apps used in the 30 days up to report_date, in the order of the menu; empty when none, NULL while nothing is '
  'measured.';
COMMENT ON COLUMN users_directory.report_date IS
  'Last day that applications covers; single apps can be older when their report failed.';
COMMENT ON COLUMN users_directory.pending_requests IS
  'Changes to the account that provisioning_actions asks for and that are neither done nor refused, as of the last '
  'run; empty when none.';
COMMENT ON COLUMN users_directory.activity_known IS
  'Whether activity is known by person today; false while Microsoft conceals names. Then applications are those up '
  'to report_date.';
COMMENT ON COLUMN users_directory.last_logged_in_at IS
  'Last sign-in to Microsoft, as of the newest run that could read sign-ins: the successful one, else the last '
  'attempt by the user, else by a program. NULL when never, or when the tenant has no Entra ID P1 or P2.';
COMMENT ON COLUMN users_directory.created_on IS 'When the account was created.';
COMMENT ON COLUMN users_directory.deleted_on IS 'First run day on which the directory no longer listed the account.';
