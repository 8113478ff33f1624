-- Which paid licences could be taken back, why, how sure is that, what would it save, and from when?
-- Columns from: users, organizations, licenses_held, concealment.
CREATE OR REPLACE VIEW reclaimable_licenses AS
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
freshness AS (
  SELECT o.tenant_id, m.report_date, r.run_day
  FROM organizations AS o
  LEFT JOIN measured AS m USING (tenant_id)
  LEFT JOIN (
    SELECT tenant_id, max(run_day) AS run_day
    FROM report_status
    GROUP BY tenant_id
  ) AS r USING (tenant_id)
),
visible AS (
  SELECT tenant_id, sku_id, bool_or(len(apps) > 0) AS visible
  FROM sku_plans
  GROUP BY tenant_id, sku_id
),
terms AS (
  SELECT
    tenant_id,
    sku_id,
    min(next_lifecycle_at)::DATE AS recoverable_on,
    count(DISTINCT next_lifecycle_at::DATE) = 1 AND count(next_lifecycle_at) = count(*) AS one_date
  FROM subscriptions
  SEMI JOIN (FROM snapshots_current WHERE table_name = 'subscriptions') USING (tenant_id, snapshot_date)
  WHERE status IN ('Enabled', 'Warning')
  GROUP BY tenant_id, sku_id
),
judged AS (
  SELECT
    l.*,
    u.user_principal_name,
    u.display_name,
    u.department,
    u.account_enabled,
    u.last_seen,
    a.last_activity_date,
    f.report_date,
    f.run_day - f.report_date AS days_behind,
    coalesce(u.created_at::DATE, u.first_seen) AS created_on,
    coalesce(f.run_day, u.last_seen) - coalesce(u.created_at::DATE, u.first_seen) AS account_age,
    coalesce(v.visible, false) AS visible,
    c.activity_known,
    c.activity_note,
    CASE
      WHEN NOT u.account_enabled THEN 'disabled account'
      -- While names are concealed, nobody is called inactive; a duplicate licence is still a duplicate.
      WHEN NOT c.activity_known THEN if(l.granted = 'direct and group' AND l.direct_is_spare, 'duplicate', NULL)
      WHEN a.user_key IS NULL THEN 'not reported'
      WHEN NOT a.active AND a.last_activity_date IS NULL THEN 'never used'
      WHEN NOT a.active THEN 'inactive'
      WHEN l.granted = 'direct and group' AND l.direct_is_spare THEN 'duplicate'
    END AS reason
  FROM licenses_held AS l
  JOIN users AS u USING (tenant_id, user_key)
  JOIN freshness AS f USING (tenant_id)
  JOIN concealment AS c USING (tenant_id)
  LEFT JOIN activity AS a USING (tenant_id, user_key)
  LEFT JOIN visible AS v USING (tenant_id, sku_id)
  WHERE l.kind = 'paid' AND l.provisioned AND u.deleted_at IS NULL
)
SELECT
  o.tenant_name,
  j.user_principal_name,
  j.display_name,
  j.department,
  j.product_name,
  j.reason,
  CASE
    WHEN j.reason = 'duplicate' THEN 'high'
    WHEN j.account_age < 30 OR j.reason = 'not reported' THEN 'low'
    WHEN j.reason = 'disabled account' THEN 'high'
    WHEN coalesce(j.days_behind, 99) > 4 THEN 'low'
    WHEN j.reason = 'inactive' AND j.report_date - j.last_activity_date >= 90 AND j.visible THEN 'high'
    ELSE 'medium'
  END AS confidence,
  CASE j.reason
    WHEN 'duplicate' THEN 'license_assignments: held directly and by group'
    WHEN 'disabled account' THEN 'users: account_enabled is false'
    WHEN 'not reported' THEN 'usage reports: do not list the user'
    WHEN 'never used' THEN 'usage reports: list the user without any activity'
    ELSE 'usage reports: last activity in any app'
  END AS evidence,
  CASE j.reason
    WHEN 'duplicate' THEN j.last_seen
    WHEN 'disabled account' THEN j.last_seen
    WHEN 'inactive' THEN j.last_activity_date
    ELSE j.report_date
  END AS evidence_date,
  CASE WHEN j.reason <> 'not reported' THEN j.last_activity_date END AS last_activity_date,
  CASE j.reason
    WHEN 'inactive' THEN j.report_date - j.last_activity_date
    WHEN 'never used' THEN greatest(j.report_date - j.created_on, 0)
  END AS days_inactive,
  j.report_date,
  j.days_behind,
  j.activity_known,
  j.activity_note,
  j.granted,
  j.group_ids,
  j.monthly_price,
  CASE WHEN j.reason = 'duplicate' THEN 0 * j.monthly_price ELSE j.monthly_price END AS monthly_saving,
  CASE WHEN j.reason = 'duplicate' THEN 0 * j.monthly_price ELSE 12 * j.monthly_price END AS yearly_saving,
  j.currency,
  t.recoverable_on,
  t.one_date AS recoverable_on_is_certain,
  j.created_on,
  j.sku_part_number,
  j.sku_id,
  j.user_key,
  j.tenant_id
FROM judged AS j
JOIN organizations AS o USING (tenant_id)
LEFT JOIN terms AS t USING (tenant_id, sku_id)
WHERE j.reason IS NOT NULL
ORDER BY
  o.tenant_name,
  list_position(['high', 'medium', 'low'], confidence),
  monthly_saving DESC NULLS LAST,
  j.user_principal_name,
  j.product_name,
  j.sku_id;

COMMENT ON VIEW reclaimable_licenses IS
  'One row per user and paid licence that nobody seems to need. A proposal with its evidence, not an order: look '
  'before you take. For a threshold add WHERE days_inactive >= 90.';
COMMENT ON COLUMN reclaimable_licenses.reason IS
  'The first that fits: disabled account; not reported (no report lists the user, so nothing is known); never used; '
  'inactive (no activity in any app for 30 days or more); duplicate (the groups grant all that the direct licence '
  'grants).';
COMMENT ON COLUMN reclaimable_licenses.confidence IS
  'low: not reported, account younger than 30 days, or judged by reports more than 4 days behind. high: duplicate, '
  'disabled account, or inactive for 90 days with a product whose apps the reports show. Else medium.';
COMMENT ON COLUMN reclaimable_licenses.evidence IS 'The table and signal that decided.';
COMMENT ON COLUMN reclaimable_licenses.evidence_date IS
  'Day of that signal: of the directory, of the last activity, or of the report.';
COMMENT ON COLUMN reclaimable_licenses.last_activity_date IS
  'Last day of activity in any app; NULL when never or unknown.';
COMMENT ON COLUMN reclaimable_licenses.days_inactive IS
  'Days up to report_date without activity: since the last one, or since the account was made when there never was '
  'any; NULL for other reasons.';
COMMENT ON COLUMN reclaimable_licenses.report_date IS
  'Last day the activity covers; NULL while nothing is measured. Only good and late reports ever count.';
COMMENT ON COLUMN reclaimable_licenses.days_behind IS 'Days from report_date to the last run; about 2 is usual.';
COMMENT ON COLUMN reclaimable_licenses.activity_known IS
  'Whether activity is known by person today; false while Microsoft conceals names. Then only disabled accounts and '
  'duplicates are here.';
COMMENT ON COLUMN reclaimable_licenses.group_ids IS
  'Groups from which the licence, or the user, must be taken: what a group grants cannot be taken from the user.';
COMMENT ON COLUMN reclaimable_licenses.monthly_saving IS
  'What a month saves once the seat is given back; 0 for a duplicate, which takes no seat of its own.';
COMMENT ON COLUMN reclaimable_licenses.yearly_saving IS '12 x monthly_saving.';
COMMENT ON COLUMN reclaimable_licenses.recoverable_on IS
  'Next lifecycle date of the product''s live subscriptions, the earliest when they differ: before, the seat is '
  'paid for anyway. NULL when unknown.';
COMMENT ON COLUMN reclaimable_licenses.recoverable_on_is_certain IS
  'Whether all live subscriptions of the product have that date.';
COMMENT ON COLUMN reclaimable_licenses.created_on IS
  'When the account was created, or first seen when the directory does not say.';
