-- What does somebody want changed? In the order of the columns; without a time it is now.
INSERT INTO provisioning_actions (
  tenant, action, target_user, sku, new_sku, disabled_plans, target_group, usage_location, display_name, reason, basis,
  requested_by, requested_at, not_before, undo_of
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, coalesce($13, now()), $14, $15)
RETURNING action_id;
