-- What was decided about a plan? $1 the plan.
SELECT plan_hash, decision, decided_by, decided_at, coalesce(note, '') AS note
FROM provisioning_decisions
WHERE plan_id = $1
ORDER BY decided_at, rowid;
