-- What became of an action? $1 the action, $2 the status, $3 the outcome.
UPDATE provisioning_actions SET status = $2, outcome = $3 WHERE action_id = $1;
