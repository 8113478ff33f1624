-- Who holds a licence and did nothing in any app for at least 30 days, since when, and what do they hold?
-- Columns from: users, organizations, concealment, licenses_held.
CREATE OR REPLACE VIEW inactive_users AS
WITH measured AS (
  SELECT tenant_id, max(report_date) AS report_date
  FROM app_activity
  WHERE app = 'cumulative' AND report_period = 30
  GROUP BY tenant_id
),
activity AS (
  SELECT tenant_id, user_key, active, last_activity_date
  FROM app_activity
  SEMI JOIN measured USING (tenant_id, report_date)
  WHERE app = 'cumulative' AND report_period = 30
),
held AS (
  SELECT
    tenant_id,
    user_key,
    list(DISTINCT product_name ORDER BY product_name) AS licenses,
    count(*) FILTER (WHERE kind = 'paid') AS paid_licenses,
    count(*) FILTER (WHERE kind = 'paid' AND monthly_price IS NULL) AS paid_licenses_without_price,
    sum(monthly_price) AS monthly_price,
    any_value(currency) AS currency
  FROM licenses_held
  WHERE provisioned
  GROUP BY tenant_id, user_key
)
SELECT
  o.tenant_name,
  u.user_principal_name,
  u.display_name,
  u.department,
  u.job_title,
  u.account_enabled,
  CASE
    WHEN NOT k.activity_known THEN 'unknown'
    WHEN coalesce(u.created_at::DATE, u.first_seen) > m.report_date - 30 THEN 'new account'
    WHEN a.user_key IS NULL THEN 'not reported'
    WHEN a.last_activity_date IS NULL THEN 'never used'
    ELSE 'inactive'
  END AS reason,
  a.last_activity_date,
  CASE WHEN k.activity_known THEN m.report_date - a.last_activity_date END AS days_inactive,
  CASE
    WHEN a.user_key IS NOT NULL AND k.activity_known
      THEN greatest(m.report_date - coalesce(a.last_activity_date, u.created_at::DATE, u.first_seen), 0)
  END AS days_without_use,
  h.paid_licenses,
  h.licenses,
  h.monthly_price,
  h.currency,
  h.paid_licenses_without_price,
  u.created_at::DATE AS created_on,
  m.report_date,
  k.activity_known,
  k.activity_note,
  u.user_key,
  u.tenant_id
FROM users AS u
JOIN organizations AS o USING (tenant_id)
JOIN measured AS m USING (tenant_id)
JOIN concealment AS k USING (tenant_id)
JOIN held AS h USING (tenant_id, user_key)
LEFT JOIN activity AS a USING (tenant_id, user_key)
WHERE u.deleted_at IS NULL AND NOT coalesce(a.active, false)
ORDER BY o.tenant_name, h.paid_licenses DESC, a.last_activity_date NULLS FIRST, u.user_principal_name;

COMMENT ON VIEW inactive_users IS
  'Users with a licence and no activity in any app in the 30 days up to report_date. For a longer threshold add '
  'WHERE days_without_use >= 90.';
COMMENT ON COLUMN inactive_users.created_on IS
  'When the account was created, or first seen when the directory does not say.';
COMMENT ON COLUMN inactive_users.reason IS
  'inactive; never used; new account (created within those 30 days, leave it alone); not reported (Microsoft''s '
  'reports do not list the user, so nothing is known); unknown (had no activity up to report_date, but nothing is '
  'known since; see activity_note).';
COMMENT ON COLUMN inactive_users.last_activity_date IS 'Last day of activity in any app; NULL when never or unknown.';
COMMENT ON COLUMN inactive_users.days_inactive IS
  'Days from last_activity_date to report_date; NULL when never, or while activity_known is false.';
COMMENT ON COLUMN inactive_users.days_without_use IS
  'Days up to report_date without activity: since the last one, or since the account was made when there never was '
  'any; NULL when not reported, or while activity_known is false. The column for thresholds.';
COMMENT ON COLUMN inactive_users.paid_licenses IS 'How many different paid products the user holds.';
COMMENT ON COLUMN inactive_users.licenses IS 'Names of the products the user holds.';
COMMENT ON COLUMN inactive_users.monthly_price IS
  'What the licences cost a month, as far as prices are known; NULL when none is.';
COMMENT ON COLUMN inactive_users.paid_licenses_without_price IS 'How many of paid_licenses are not in monthly_price.';
COMMENT ON COLUMN inactive_users.report_date IS 'Last day the activity covers.';
