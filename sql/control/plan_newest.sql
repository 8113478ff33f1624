-- Which plan that waits for approval or application is the newest?
SELECT plan_id
FROM provisioning_plans
WHERE status IN ('open', 'approved', 'stopped')
ORDER BY created_at DESC, plan_id DESC
LIMIT 1;
