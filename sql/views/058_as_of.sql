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

COMMENT ON MACRO TABLE users_as_of IS 'The users as they were on a day: FROM users_as_of(DATE ''2026-11-01''). Nothing is known before the first run.';

CREATE OR REPLACE MACRO user_license_as_of(day) AS TABLE
WITH names AS (
  SELECT tenant_id, sku_id, max_by(product_name, snapshot_date) AS product_name
  FROM skus
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
  h.state,
  h.error,
  h.disabled_plans,
  h.valid_from,
  h.valid_to,
  h.tenant_id
FROM license_history AS h
JOIN organizations AS o USING (tenant_id)
JOIN users AS u USING (tenant_id, user_key)
LEFT JOIN names AS n USING (tenant_id, sku_id)
WHERE h.valid_from <= day::DATE
  AND (h.valid_to IS NULL OR h.valid_to > day::DATE);

COMMENT ON MACRO TABLE user_license_as_of IS 'The licences as they were held on a day, under today''s names of users and products: FROM user_license_as_of(DATE ''2026-11-01'').';
