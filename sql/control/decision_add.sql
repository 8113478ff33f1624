-- Who decided what about a plan? In the order of the columns.
INSERT INTO provisioning_decisions (plan_id, plan_hash, decision, decided_by, decided_at, note)
VALUES ($1, $2, $3, $4, $5, $6);
