-- Which products have no name or kind, so that they are missing wherever only paid ones are counted?
-- Columns from: organizations, licenses_held, skus_current.
CREATE OR REPLACE VIEW unknown_products AS
WITH held AS (
  SELECT
    tenant_id,
    sku_id,
    any_value(sku_part_number) AS sku_part_number,
    any_value(product_name) AS product_name,
    any_value(kind) AS kind,
    count(*) FILTER (WHERE provisioned) AS users
  FROM licenses_held
  GROUP BY tenant_id, sku_id
)
SELECT
  o.tenant_name,
  coalesce(s.sku_part_number, h.sku_part_number) AS sku_part_number,
  coalesce(s.product_name, h.product_name) AS product_name,
  CASE
    WHEN s.sku_id IS NULL THEN 'not among the products of the tenant'
    WHEN s.product_name = s.sku_part_number THEN 'no name known'
    ELSE 'kind not known'
  END AS problem,
  s.bought,
  s.assigned,
  coalesce(h.users, 0) AS users,
  sku_id,
  o.tenant_id
FROM skus_current AS s
FULL JOIN held AS h USING (tenant_id, sku_id)
JOIN organizations AS o ON o.tenant_id = coalesce(s.tenant_id, h.tenant_id)
WHERE coalesce(s.kind, h.kind) = 'unknown'
ORDER BY o.tenant_name, users DESC, sku_part_number, sku_id;

COMMENT ON VIEW unknown_products IS
  'Products whose kind nobody knows. Run m365lake names refresh, or name them in a file of your own (product_names '
  'in pipelines.yaml).';
COMMENT ON COLUMN unknown_products.product_name IS 'What the views call it.';
COMMENT ON COLUMN unknown_products.problem IS
  'no name known, kind not known, or not among the products of the tenant (assigned, but /subscribedSkus does not '
  'list it).';
COMMENT ON COLUMN unknown_products.users IS 'Users who hold it.';
