-- Which actions were rejected with their plan? $1 the plan, $2 the outcome.
UPDATE provisioning_actions
SET status = 'rejected', outcome = $2
WHERE plan_id = $1 AND status = 'planned';
