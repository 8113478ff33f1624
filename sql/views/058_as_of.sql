-- Who was in the directory on a day, and who held which licence?
CREATE OR REPLACE MACRO users_as_of(day) AS TABLE
SELECT
  o.tenant_name,
  h.* EXCLUDE (tenant_id, valid_from, valid_to),
  h.valid_from,
  h.valid_to,
  h.tenant_id
FROM user_history AS h
JOIN organizations AS o USING (tenant_id)
WHERE h.valid_from <= day::DATE
  AND (h.valid_to IS NULL OR h.valid_to > day::DATE);

COMMENT ON MACRO TABLE users_as_of IS
  'The users as they were on a day: FROM users_as_of(DATE ''2026-11-01''). Nothing is known before the first run.';

CREATE OR REPLACE MACRO user_license_as_of(day) AS TABLE
WITH names AS (
  SELECT tenant_id, sku_id, max_by(product_name, snapshot_date) AS product_name
  FROM skus
  GROUP BY ALL
),
uses AS (
  SELECT tenant_id, user_key, max(last_activity_date) AS last_activity_date, max(report_date) AS report_date
  FROM app_activity
  WHERE app = 'cumulative' AND report_date <= day::DATE
  GROUP BY ALL
)
SELECT
  o.tenant_name,
  u.user_principal_name,
  h.user_key,
  h.sku_id,
  coalesce(n.product_name, h.sku_id) AS product_name,
  h.source,
  h.assigned_by_group_id,
  coalesce(g.display_name, h.assigned_by_group_id) AS assigned_by_group,
  h.state,
  h.error,
  h.disabled_plans,
  a.last_activity_date,
  a.report_date,
  h.valid_from,
  h.valid_to,
  h.tenant_id
FROM license_history AS h
JOIN organizations AS o USING (tenant_id)
JOIN users AS u USING (tenant_id, user_key)
LEFT JOIN names AS n USING (tenant_id, sku_id)
LEFT JOIN license_groups AS g ON g.tenant_id = h.tenant_id AND g.group_id = h.assigned_by_group_id
LEFT JOIN uses AS a ON a.tenant_id = h.tenant_id AND a.user_key = h.user_key
WHERE h.valid_from <= day::DATE
  AND (h.valid_to IS NULL OR h.valid_to > day::DATE);

COMMENT ON MACRO TABLE user_license_as_of IS
  'The licences as they were held on a day, directly or through which group (assigned_by_group), under today''s '
  'names of users, groups and products; last_activity_date is the last activity in any app as the reports up to '
  'that day (report_date) had it: FROM user_license_as_of(DATE ''2026-11-01'').';
