-- Who asked for which change, who approved it, what was done when, what came of it, and what does it save?
CREATE OR REPLACE VIEW provisioning_history AS
WITH tries AS (
  -- Of each try the last entry; an intent without another one was interrupted.
  FROM provisioning_ledger
  QUALIFY entry_id = max(entry_id) OVER (PARTITION BY tenant_id, action_id, run_id)
)
SELECT
  o.tenant_name,
  coalesce(t.user_principal_name, a.target_user) AS user_principal_name,
  a.action,
  coalesce(a.sku || ' -> ' || a.new_sku, a.sku, a.target_group, a.usage_location) AS what,
  a.status,
  coalesce(t.detail, a.outcome) AS outcome,
  a.requested_by,
  a.requested_at,
  a.reason AS request_reason,
  a.basis,
  p.approved_by,
  p.approved_at,
  t.actor AS applied_by,
  t.recorded_at AS applied_at,
  CASE t.event WHEN 'intent' THEN 'interrupted' ELSE t.event END AS event,
  a.monthly_saving,
  a.currency,
  a.undo_of,
  t.request_id,
  t.entry_id,
  t.run_id,
  coalesce(t.plan_id, a.plan_id) AS plan_id,
  a.action_id,
  t.user_id,
  a.tenant_id
FROM provisioning_actions AS a
JOIN organizations AS o USING (tenant_id)
LEFT JOIN tries AS t USING (tenant_id, action_id)
LEFT JOIN provisioning_plans AS p ON p.tenant_id = a.tenant_id AND p.plan_id = coalesce(t.plan_id, a.plan_id)
ORDER BY o.tenant_name, coalesce(t.recorded_at, a.requested_at) DESC, a.action_id DESC, t.entry_id DESC;

COMMENT ON VIEW provisioning_history IS 'One row per action and try, the newest first; an action that was never tried has one row.';
COMMENT ON COLUMN provisioning_history.tenant_name IS 'Name of the tenant in pipelines.yaml.';
COMMENT ON COLUMN provisioning_history.user_principal_name IS 'Sign-in name when it was tried; before that, the user as written.';
COMMENT ON COLUMN provisioning_history.action IS 'What was to be done: assign_license, disable_user and so on.';
COMMENT ON COLUMN provisioning_history.what IS 'The product, group or country, as written; NULL for other actions.';
COMMENT ON COLUMN provisioning_history.status IS 'What became of the action: requested, planned, applied, already_done, refused, failed, waiting_for_seat, rejected or cancelled.';
COMMENT ON COLUMN provisioning_history.outcome IS 'In a sentence, of this try where there is one.';
COMMENT ON COLUMN provisioning_history.requested_by IS 'Who asked; NULL when nobody said.';
COMMENT ON COLUMN provisioning_history.requested_at IS 'When.';
COMMENT ON COLUMN provisioning_history.request_reason IS 'Why, in their words.';
COMMENT ON COLUMN provisioning_history.basis IS 'The reason of reclaimable_licenses that it rested on; NULL when a person decided.';
COMMENT ON COLUMN provisioning_history.approved_by IS 'Who approved the plan of this try, as they called themselves; NULL when nobody did or had to.';
COMMENT ON COLUMN provisioning_history.approved_at IS 'When.';
COMMENT ON COLUMN provisioning_history.applied_by IS 'Who applied it; NULL when it was not tried.';
COMMENT ON COLUMN provisioning_history.applied_at IS 'When that was written down; NULL when it was not tried.';
COMMENT ON COLUMN provisioning_history.event IS 'How the try ended: done, settled (found done after a crash), not_done, denied, postponed, mismatch (done, but reading back shows something else) or interrupted; NULL when it was not tried.';
COMMENT ON COLUMN provisioning_history.monthly_saving IS 'What it saves in a month, as planned; negative when it costs more, NULL when no price is known. Of every try of the action: do not add up tries.';
COMMENT ON COLUMN provisioning_history.currency IS 'Currency of monthly_saving.';
COMMENT ON COLUMN provisioning_history.undo_of IS 'The ledger entry that it took back; NULL for others.';
COMMENT ON COLUMN provisioning_history.request_id IS 'Microsoft''s id of the call.';
COMMENT ON COLUMN provisioning_history.entry_id IS 'The entry of provisioning_ledger; what provision undo takes.';
COMMENT ON COLUMN provisioning_history.run_id IS 'The run of provision apply; what provision undo takes.';
COMMENT ON COLUMN provisioning_history.plan_id IS 'The plan of this try, else the last one.';
COMMENT ON COLUMN provisioning_history.action_id IS 'Number of the action in the control database.';
COMMENT ON COLUMN provisioning_history.user_id IS 'Entra object id; NULL when it was not tried, or for one who was yet to be made.';
COMMENT ON COLUMN provisioning_history.tenant_id IS 'Entra tenant (directory) id.';
