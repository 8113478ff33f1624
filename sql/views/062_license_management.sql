-- Who holds which licence, since when and by which group, is it used, and is the holder an administrator and on the rosters?
-- Columns from: users, organizations, licenses_held, concealment.
CREATE OR REPLACE VIEW license_management AS
WITH measured AS (
  SELECT tenant_id, max(report_date) AS report_date
  FROM app_activity
  WHERE app = 'cumulative' AND report_period = 30
  GROUP BY tenant_id
),
activity AS (
  SELECT tenant_id, user_key, last_activity_date
  FROM app_activity
  SEMI JOIN measured USING (tenant_id, report_date)
  WHERE app = 'cumulative' AND report_period = 30
),
sso AS (
  SELECT tenant_id, user_key, bool_or(active) AS active, max(last_login_at) AS last_login_at
  FROM sso_roster
  WHERE user_key IS NOT NULL
  GROUP BY tenant_id, user_key
),
hris AS (
  SELECT tenant_id, user_key, bool_or(active) AS active, arg_max(company, active::INTEGER) AS company
  FROM hris_roster
  WHERE user_key IS NOT NULL
  GROUP BY tenant_id, user_key
),
roles AS (
  SELECT tenant_id, user_key, string_agg(DISTINCT coalesce(role_name, role_id), ', ' ORDER BY coalesce(role_name, role_id)) AS role
  FROM user_roles
  GROUP BY tenant_id, user_key
),
asked AS (
  SELECT tenant_id, max(snapshot_date) AS snapshot_date
  FROM sign_ins
  GROUP BY tenant_id
),
signed_in AS (
  FROM sign_ins
  SEMI JOIN asked USING (tenant_id, snapshot_date)
),
-- Names are looked up in one small map: a list of names for each licence would have to be held in memory.
named AS (
  SELECT map(list(tenant_id || ' ' || group_id), list(display_name)) AS groups
  FROM license_groups
  WHERE display_name IS NOT NULL
),
kept AS (
  SELECT
    tenant_id,
    tenant_id IN (SELECT tenant_id FROM sso_roster) AS sso,
    tenant_id IN (SELECT tenant_id FROM hris_roster) AS hris
  FROM organizations
)
SELECT
  o.tenant_name,
  u.user_principal_name,
  u.display_name,
  u.mail AS email,
  u.department,
  coalesce(h.company, u.company_name) AS company,
  r.role,
  l.product_name,
  l.sku_part_number,
  l.kind,
  l.granted,
  l.group_ids,
  list_transform(l.group_ids, lambda id: coalesce(n.groups[l.tenant_id || ' ' || id], id)) AS group_names,
  l.provisioned,
  l.provisioned_on,
  l.error,
  a.last_activity_date,
  c.activity_known,
  c.activity_note,
  coalesce(i.last_successful_sign_in_at, i.last_sign_in_at, i.last_non_interactive_sign_in_at) AS last_logged_in_at,
  CASE
    WHEN i.last_successful_sign_in_at IS NOT NULL THEN 'successful'
    WHEN i.last_sign_in_at IS NOT NULL THEN 'interactive attempt'
    WHEN i.last_non_interactive_sign_in_at IS NOT NULL THEN 'non-interactive attempt'
  END AS last_logged_in_signal,
  CASE WHEN k.sso THEN coalesce(s.active, false) END AS active_in_sso,
  s.last_login_at AS last_sso_login_at,
  CASE WHEN k.hris THEN coalesce(h.active, false) END AS active_in_hris,
  u.account_enabled,
  l.monthly_price,
  l.currency,
  l.sku_id,
  l.user_key,
  l.tenant_id
FROM licenses_held AS l
JOIN users AS u USING (tenant_id, user_key)
JOIN organizations AS o USING (tenant_id)
JOIN kept AS k USING (tenant_id)
JOIN concealment AS c USING (tenant_id)
CROSS JOIN named AS n
LEFT JOIN activity AS a USING (tenant_id, user_key)
LEFT JOIN sso AS s USING (tenant_id, user_key)
LEFT JOIN hris AS h USING (tenant_id, user_key)
LEFT JOIN roles AS r USING (tenant_id, user_key)
LEFT JOIN signed_in AS i USING (tenant_id, user_key)
WHERE u.deleted_at IS NULL
ORDER BY o.tenant_name, u.user_principal_name, l.kind <> 'paid', l.product_name, l.sku_id;

COMMENT ON VIEW license_management IS 'One row per user and licence, without deleted users.';
COMMENT ON COLUMN license_management.email IS 'Primary mail address.';
COMMENT ON COLUMN license_management.company IS
  'Company, from the personnel system if it says one, else from the directory.';
COMMENT ON COLUMN license_management.role IS
  'Names of the directory roles the user holds now, whatever their scope, joined by commas; NULL when none, or when '
  'roles could not be read.';
COMMENT ON COLUMN license_management.group_names IS
  'Names of group_ids, in the same order; the id where the name is not known.';
COMMENT ON COLUMN license_management.last_activity_date IS
  'Last day of activity in any app; NULL when never or unknown.';
COMMENT ON COLUMN license_management.activity_known IS
  'Whether activity is known by person today; false while Microsoft conceals names. Then last_activity_date is the '
  'last day known.';
COMMENT ON COLUMN license_management.last_logged_in_at IS
  'Last sign-in to Microsoft, as of the newest run that could read sign-ins: the successful one, else the last '
  'attempt. NULL when never, or when the tenant has no Entra ID P1 or P2.';
COMMENT ON COLUMN license_management.last_logged_in_signal IS
  'What last_logged_in_at is, the first that is known: successful; interactive attempt (by the user, perhaps in '
  'vain); non-interactive attempt (by a program on the user''s behalf, perhaps in vain).';
COMMENT ON COLUMN license_management.active_in_sso IS
  'Whether the sign-on system has the user as active; NULL when no sso roster is configured.';
COMMENT ON COLUMN license_management.last_sso_login_at IS 'Last sign-in to the sign-on system, from its roster.';
COMMENT ON COLUMN license_management.active_in_hris IS
  'Whether the personnel system has the user as employed; NULL when no hris roster is configured.';
