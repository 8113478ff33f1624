-- Whose licences could surely be taken back, those that save most first? Asked only where names are wanted.
SELECT
  tenant_id,
  user_principal_name,
  any_value(reason) AS reason,
  string_agg(product_name, ', ' ORDER BY product_name) AS products
FROM reclaimable_licenses
WHERE confidence = 'high' AND reason <> 'duplicate'
GROUP BY tenant_id, user_principal_name, user_key
ORDER BY sum(monthly_saving) DESC NULLS LAST, count(*) DESC, user_principal_name
