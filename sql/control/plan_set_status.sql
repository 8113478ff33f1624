-- How far is a plan now? $1 the plan, $2 the status.
UPDATE provisioning_plans SET status = $2 WHERE plan_id = $1;
