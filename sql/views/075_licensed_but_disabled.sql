-- Which accounts are disabled and still hold licences, and what do they cost?
-- Columns from: users, organizations, licenses_held, concealment.
CREATE OR REPLACE VIEW licensed_but_disabled AS
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
held AS (
  SELECT
    tenant_id,
    user_key,
    list(product_name ORDER BY kind <> 'paid', product_name) AS licenses,
    count(*) FILTER (WHERE kind = 'paid') AS paid_licenses,
    count(*) FILTER (WHERE kind = 'paid' AND monthly_price IS NULL) AS paid_licenses_without_price,
    sum(monthly_price) AS monthly_price,
    any_value(currency) AS currency,
    list_sort(list_distinct(flatten(list(group_ids)))) AS group_ids
  FROM licenses_held
  WHERE provisioned
  GROUP BY tenant_id, user_key
)
SELECT
  o.tenant_name,
  u.user_principal_name,
  u.display_name,
  u.department,
  h.paid_licenses,
  h.licenses,
  h.monthly_price,
  h.currency,
  h.paid_licenses_without_price,
  h.group_ids,
  a.last_activity_date,
  c.activity_known,
  c.activity_note,
  u.last_seen AS disabled_as_of,
  u.user_key,
  u.tenant_id
FROM users AS u
JOIN organizations AS o USING (tenant_id)
JOIN concealment AS c USING (tenant_id)
JOIN held AS h USING (tenant_id, user_key)
LEFT JOIN activity AS a USING (tenant_id, user_key)
WHERE u.deleted_at IS NULL AND NOT u.account_enabled
ORDER BY o.tenant_name, h.paid_licenses DESC, h.monthly_price DESC NULLS LAST, u.user_principal_name;

COMMENT ON VIEW licensed_but_disabled IS
  'Disabled accounts with licences: one row per user. Shared mailboxes can be among them: those up to 50 GB need no '
  'licence, larger ones do.';
COMMENT ON COLUMN licensed_but_disabled.paid_licenses IS 'How many different paid products the user holds.';
COMMENT ON COLUMN licensed_but_disabled.licenses IS 'Names of the products the user holds, paid ones first.';
COMMENT ON COLUMN licensed_but_disabled.monthly_price IS
  'What the products cost a month, as far as prices are known; NULL when none is.';
COMMENT ON COLUMN licensed_but_disabled.paid_licenses_without_price IS
  'How many of paid_licenses are not in monthly_price.';
COMMENT ON COLUMN licensed_but_disabled.group_ids IS
  'Groups that grant any of the licences; those can only be taken from the group.';
COMMENT ON COLUMN licensed_but_disabled.last_activity_date IS
  'Last day of activity in any app; NULL when never or unknown.';
COMMENT ON COLUMN licensed_but_disabled.activity_known IS
  'Whether activity is known by person today; false while Microsoft conceals names. Then last_activity_date is the '
  'last day known.';
COMMENT ON COLUMN licensed_but_disabled.disabled_as_of IS
  'Run day on which the directory said that the account is disabled; since when, it does not say.';
