-- What is about to be done, or was just done? In the order of the columns.
INSERT INTO provisioning_ledger (
  entry_id, run_id, plan_id, action_id, tenant_id, recorded_at, event, action, user_id, user_principal_name, display_name,
  before, after, code, detail, request_id, actor, previous_hash, hash
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);
