-- Who asked for which change, who approved it, what was done when, what came of it, and what does it save?
-- Columns from: organizations, provisioning_actions, provisioning_plans, provisioning_ledger.
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

COMMENT ON VIEW provisioning_history IS
  'One row per action and try, the newest first; an action that was never tried has one row.';
COMMENT ON COLUMN provisioning_history.user_principal_name IS
  'Sign-in name when it was tried; before that, the user as written.';
COMMENT ON COLUMN provisioning_history.what IS 'The product, group or country, as written; NULL for other actions.';
COMMENT ON COLUMN provisioning_history.outcome IS 'In a sentence, of this try where there is one.';
COMMENT ON COLUMN provisioning_history.request_reason IS 'Why, in their words.';
COMMENT ON COLUMN provisioning_history.approved_by IS
  'Who approved the plan of this try, as they called themselves; NULL when nobody did or had to.';
COMMENT ON COLUMN provisioning_history.applied_by IS 'Who applied it; NULL when it was not tried.';
COMMENT ON COLUMN provisioning_history.applied_at IS 'When that was written down; NULL when it was not tried.';
COMMENT ON COLUMN provisioning_history.event IS
  'How the try ended: done, settled (found done after a crash), not_done, denied, postponed, mismatch (done, but '
  'reading back shows something else) or interrupted; NULL when it was not tried.';
COMMENT ON COLUMN provisioning_history.monthly_saving IS
  'What it saves in a month, as planned; negative when it costs more, NULL when no price is known. Of every try of '
  'the action: do not add up tries.';
COMMENT ON COLUMN provisioning_history.entry_id IS 'The entry of provisioning_ledger; what provision undo takes.';
COMMENT ON COLUMN provisioning_history.run_id IS 'The run of provision apply; what provision undo takes.';
COMMENT ON COLUMN provisioning_history.plan_id IS 'The plan of this try, else the last one.';
COMMENT ON COLUMN provisioning_history.user_id IS
  'Entra object id; NULL when it was not tried, or for one who was yet to be made.';
