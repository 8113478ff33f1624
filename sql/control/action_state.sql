-- How far is an action, and which plan has it? $1 the action.
SELECT status, coalesce(plan_id, '') AS plan_id
FROM provisioning_actions
WHERE action_id = $1;
