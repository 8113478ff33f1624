-- Which plans are too old and were never begun? $1 now.
SELECT plan_id
FROM provisioning_plans
WHERE status IN ('open', 'approved')
  AND expires_at <= $1
  AND plan_id NOT IN (SELECT plan_id FROM provisioning_ledger)
ORDER BY created_at, plan_id;
