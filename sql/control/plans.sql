-- Which plans are there? $1 the plan, $2 the tenant; the empty text is all.
SELECT plan_id, tenant_id, tenant_name, created_at, created_by, expires_at, status, plan_hash, document
FROM provisioning_plans
WHERE ($1 = '' OR plan_id = $1) AND ($2 = '' OR tenant_id = $2)
ORDER BY created_at DESC, plan_id DESC;
