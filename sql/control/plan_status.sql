-- How far is a plan? $1 the plan.
SELECT status FROM provisioning_plans WHERE plan_id = $1;
