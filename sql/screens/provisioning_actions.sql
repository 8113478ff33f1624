-- Which actions wait, and what became of the last ones? Parameter: now.
SELECT
  action_id,
  tenant,
  action,
  target_user,
  coalesce(sku || ' -> ' || new_sku, sku, target_group, usage_location) AS what,
  CASE WHEN status = 'requested' AND not_before > $1 THEN 'requested for later' ELSE status END AS status,
  requested_by,
  requested_at,
  plan_id AS plan,
  outcome
FROM provisioning_actions
QUALIFY
  status IN ('requested', 'planned', 'waiting_for_seat')
  OR row_number() OVER (
    PARTITION BY status IN ('requested', 'planned', 'waiting_for_seat')
    ORDER BY action_id DESC
  ) <= 20
ORDER BY action_id DESC;
