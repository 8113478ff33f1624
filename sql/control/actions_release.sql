-- Which actions of a plan that ended can be planned again? $1 the plan.
UPDATE provisioning_actions
SET status = 'requested', outcome = NULL
WHERE plan_id = $1 AND status = 'planned';
