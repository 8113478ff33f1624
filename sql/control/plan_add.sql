-- What was planned? In the order of the columns.
INSERT INTO provisioning_plans (plan_id, tenant_id, tenant_name, created_at, created_by, expires_at, status, plan_hash, document)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);
