-- Which plan has an action? $1 the action, $2 the plan.
UPDATE provisioning_actions SET plan_id = $2 WHERE action_id = $1;
