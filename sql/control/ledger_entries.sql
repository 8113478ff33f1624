-- What was tried and done? $1 number of the entry, $2 run, $3 plan, $4 action, $5 tenant; 0 and the empty text are all.
SELECT
  entry_id, run_id, plan_id, action_id, tenant_id, recorded_at, event, action, user_id, user_principal_name, display_name,
  before::VARCHAR AS before, after::VARCHAR AS after, code, detail, request_id, actor, previous_hash, hash
FROM provisioning_ledger
WHERE ($1 = 0 OR entry_id = $1)
  AND ($2 = '' OR run_id = $2)
  AND ($3 = '' OR plan_id = $3)
  AND ($4 = 0 OR action_id = $4)
  AND ($5 = '' OR tenant_id = $5)
ORDER BY entry_id;
