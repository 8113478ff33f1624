-- Who holds which product, and is it from the user or from a group? The other licence views build on it.
-- Columns from: license_assignments, skus_current.
CREATE OR REPLACE VIEW licenses_held AS
WITH ways AS (
  SELECT *, state IS NULL OR state IN ('Active', 'ActiveWithError') AS works
  FROM license_assignments
),
-- The lists stay empty for nearly everybody, which is what keeps this small.
held AS (
  SELECT
    tenant_id,
    user_key,
    sku_id,
    bool_or(works) AS provisioned,
    count(*) FILTER (WHERE works) AS working_ways,
    count(*) FILTER (WHERE works AND source = 'group') AS working_groups,
    bool_or(source = 'direct') AS direct,
    bool_or(source = 'direct' AND works) AS direct_works,
    coalesce(list(assigned_by_group_id) FILTER (WHERE source = 'group'), []) AS groups,
    coalesce(list(assigned_by_group_id) FILTER (WHERE source = 'group' AND works), []) AS groups_that_work,
    max(error) AS error,
    (min(last_updated_at) FILTER (WHERE works))::DATE AS provisioned_on,
    flatten(coalesce(list(disabled_plans) FILTER (WHERE works AND len(disabled_plans) > 0), [])) AS without,
    flatten(coalesce(list(disabled_plans) FILTER (WHERE works AND len(disabled_plans) > 0 AND source = 'direct'), [])) AS without_direct,
    flatten(coalesce(list(disabled_plans) FILTER (WHERE works AND len(disabled_plans) > 0 AND source = 'group'), [])) AS without_by_group
  FROM ways
  GROUP BY tenant_id, user_key, sku_id
),
chosen AS (
  SELECT
    * REPLACE (
      CASE WHEN provisioned THEN direct_works ELSE direct END AS direct,
      list_sort(CASE WHEN provisioned THEN groups_that_work ELSE groups END) AS groups
    )
  FROM held
)
SELECT
  h.tenant_id,
  h.user_key,
  h.sku_id,
  coalesce(s.sku_part_number, h.sku_id) AS sku_part_number,
  coalesce(s.product_name, h.sku_id) AS product_name,
  coalesce(s.kind, 'unknown') AS kind,
  CASE
    WHEN h.direct AND len(h.groups) > 0 THEN 'direct and group'
    WHEN h.direct THEN 'direct'
    WHEN len(h.groups) > 0 THEN 'group'
    ELSE 'unknown'
  END AS granted,
  h.groups AS group_ids,
  h.provisioned,
  h.provisioned_on,
  h.error,
  s.monthly_price,
  s.currency,
  -- A plan is off when every way leaves it out.
  list_filter(
    list_distinct(h.without),
    lambda plan: len(list_filter(h.without, lambda other: other = plan)) = h.working_ways
  ) AS disabled_plans,
  -- What all groups leave out is lost with the direct licence, unless that leaves it out as well.
  len(list_filter(
    list_distinct(h.without_by_group),
    lambda plan: len(list_filter(h.without_by_group, lambda other: other = plan)) = h.working_groups
      AND NOT list_contains(h.without_direct, plan)
  )) = 0 AS direct_is_spare
FROM chosen AS h
LEFT JOIN skus_current AS s USING (tenant_id, sku_id);

COMMENT ON VIEW licenses_held IS 'One row per user and product, however many ways the user came by it.';
COMMENT ON COLUMN licenses_held.sku_part_number IS
  'Microsoft''s short name of the product; the id when the tenant''s list of products lacks it.';
COMMENT ON COLUMN licenses_held.product_name IS 'Friendly name; the part number, else the id, when nobody knows one.';
COMMENT ON COLUMN licenses_held.kind IS 'paid, free, trial, viral or unknown.';
COMMENT ON COLUMN licenses_held.granted IS
  'direct, group, direct and group, or unknown when the directory does not say. Ways that failed count only when '
  'all did.';
COMMENT ON COLUMN licenses_held.group_ids IS
  'Groups that grant the licence; it can only be taken from the group, not from the user.';
COMMENT ON COLUMN licenses_held.provisioned IS
  'Whether any way works (state Active or ActiveWithError, or unknown); false means that Microsoft could not assign '
  'it.';
COMMENT ON COLUMN licenses_held.provisioned_on IS
  'Day on which the oldest way that works last changed; NULL when none works or the directory does not say.';
COMMENT ON COLUMN licenses_held.error IS 'Why a way failed, also when another works; NULL when none failed.';
COMMENT ON COLUMN licenses_held.disabled_plans IS
  'Service plans that every way leaves out, so that the user does not have them.';
COMMENT ON COLUMN licenses_held.direct_is_spare IS
  'Whether the groups grant every service plan that the direct licence grants; says something only where granted is '
  'direct and group.';
