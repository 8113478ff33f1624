-- What do people want changed? $1 numbers of actions, $2 statuses; NULL is all.
SELECT
  action_id, coalesce(tenant, '') AS tenant, action, target_user, coalesce(sku, '') AS sku,
  coalesce(new_sku, '') AS new_sku, disabled_plans,
  coalesce(target_group, '') AS target_group, coalesce(usage_location, '') AS usage_location, coalesce(display_name, '') AS display_name,
  coalesce(reason, '') AS reason, coalesce(basis, '') AS basis, coalesce(requested_by, '') AS requested_by, requested_at, not_before,
  status, coalesce(plan_id, '') AS plan_id, coalesce(outcome, '') AS outcome, coalesce(undo_of, 0) AS undo_of
FROM provisioning_actions
WHERE ($1::BIGINT[] IS NULL OR list_contains($1::BIGINT[], action_id))
  AND ($2::VARCHAR[] IS NULL OR list_contains($2::VARCHAR[], status))
ORDER BY action_id;
