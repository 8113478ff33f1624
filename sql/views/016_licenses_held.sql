-- Who holds which product, and is it from the user or from a group? The other licence views build on it.
CREATE OR REPLACE VIEW licenses_held AS
WITH ways AS (
  SELECT
    *,
    coalesce(disabled_plans, []) AS without,
    state IS NULL OR state IN ('Active', 'ActiveWithError') AS works,
    bool_or(state IS NULL OR state IN ('Active', 'ActiveWithError')) OVER (PARTITION BY tenant_id, user_key, sku_id) AS provisioned
  FROM license_assignments
),
held AS (
  SELECT
    tenant_id,
    user_key,
    sku_id,
    bool_or(provisioned) AS provisioned,
    coalesce(bool_or(source = 'direct') FILTER (WHERE works OR NOT provisioned), false) AS direct,
    coalesce(list(DISTINCT assigned_by_group_id ORDER BY assigned_by_group_id)
      FILTER (WHERE source = 'group' AND (works OR NOT provisioned)), []) AS group_ids,
    max(error) AS error,
    (min(last_updated_at) FILTER (WHERE works))::DATE AS provisioned_on,
    flatten(list(without) FILTER (WHERE works)) AS without,
    count(*) FILTER (WHERE works) AS working_ways,
    list(without) FILTER (WHERE works AND source = 'direct') AS without_direct,
    list(without) FILTER (WHERE works AND source = 'group') AS without_by_group
  FROM ways
  GROUP BY tenant_id, user_key, sku_id
)
SELECT
  h.tenant_id,
  h.user_key,
  h.sku_id,
  coalesce(s.sku_part_number, h.sku_id) AS sku_part_number,
  coalesce(s.product_name, h.sku_id) AS product_name,
  coalesce(s.kind, 'unknown') AS kind,
  CASE
    WHEN h.direct AND len(h.group_ids) > 0 THEN 'direct and group'
    WHEN h.direct THEN 'direct'
    WHEN len(h.group_ids) > 0 THEN 'group'
    ELSE 'unknown'
  END AS granted,
  h.group_ids,
  h.provisioned,
  h.provisioned_on,
  h.error,
  s.monthly_price,
  s.currency,
  list_filter(
    list_distinct(coalesce(h.without, [])),
    lambda plan: len(list_filter(h.without, lambda other: other = plan)) = h.working_ways
  ) AS disabled_plans,
  -- A plan the groups leave out is lost with the direct licence unless that leaves it out as well.
  list_bool_and(list_transform(
    coalesce(h.without_by_group[1], []),
    lambda plan: list_contains(h.without_direct[1], plan)
      OR list_bool_or(list_transform(h.without_by_group, lambda other: NOT list_contains(other, plan)))
  )) IS DISTINCT FROM false AS direct_is_spare
FROM held AS h
LEFT JOIN skus_current AS s USING (tenant_id, sku_id);

COMMENT ON VIEW licenses_held IS 'One row per user and product, however many ways the user came by it.';
COMMENT ON COLUMN licenses_held.tenant_id IS 'Entra tenant (directory) id.';
COMMENT ON COLUMN licenses_held.user_key IS 'The user; join users on tenant_id and user_key.';
COMMENT ON COLUMN licenses_held.sku_id IS 'Product (SKU) id.';
COMMENT ON COLUMN licenses_held.sku_part_number IS 'Microsoft''s short name of the product; the id when the tenant''s list of products lacks it.';
COMMENT ON COLUMN licenses_held.product_name IS 'Friendly name; the part number, else the id, when nobody knows one.';
COMMENT ON COLUMN licenses_held.kind IS 'paid, free, trial, viral or unknown.';
COMMENT ON COLUMN licenses_held.granted IS 'direct, group, direct and group, or unknown when the directory does not say. Ways that failed count only when all did.';
COMMENT ON COLUMN licenses_held.group_ids IS 'Groups that grant the licence; it can only be taken from the group, not from the user.';
COMMENT ON COLUMN licenses_held.provisioned IS 'Whether any way works (state Active or ActiveWithError, or unknown); false means that Microsoft could not assign it.';
COMMENT ON COLUMN licenses_held.provisioned_on IS 'Day on which the oldest way that works last changed; NULL when none works or the directory does not say.';
COMMENT ON COLUMN licenses_held.error IS 'Why a way failed, also when another works; NULL when none failed.';
COMMENT ON COLUMN licenses_held.monthly_price IS 'Price of a seat for a month; NULL when the organization gave none.';
COMMENT ON COLUMN licenses_held.currency IS 'Currency of monthly_price.';
COMMENT ON COLUMN licenses_held.disabled_plans IS 'Service plans that every way leaves out, so that the user does not have them.';
COMMENT ON COLUMN licenses_held.direct_is_spare IS 'Whether the groups grant every service plan that the direct licence grants; says something only where granted is direct and group.';
