-- The versions of a licence assignment follow one another without overlap, and none is empty.
SELECT
  tenant_id,
  user_key,
  sku_id,
  source,
  assigned_by_group_id,
  valid_from,
  valid_to,
  lead(valid_from) OVER (
    PARTITION BY tenant_id, user_key, sku_id, source, assigned_by_group_id
    ORDER BY valid_from
  ) AS next_valid_from
FROM license_history
QUALIFY valid_to <= valid_from
  OR next_valid_from < coalesce(valid_to, 'infinity'::DATE)
