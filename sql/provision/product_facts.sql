-- What are the tenant's products called, which are paid for, and what does a seat cost? $1 tenant.
SELECT lower(sku_id) AS sku_id, product_name, kind, monthly_price::DOUBLE AS monthly_price, currency
FROM skus_current
WHERE tenant_id = $1;
