-- What does somebody want changed, who asked, and how far has it come?
CREATE SEQUENCE provisioning_action_ids;
CREATE TABLE provisioning_actions (
  action_id BIGINT PRIMARY KEY DEFAULT nextval('provisioning_action_ids') CHECK (action_id > 0),
  tenant VARCHAR CHECK (trim(tenant) <> ''),
  action VARCHAR NOT NULL CHECK (action IN (
    'assign_license', 'remove_license', 'swap_license', 'set_disabled_plans', 'disable_user', 'enable_user', 'revoke_sessions',
    'create_user', 'delete_user', 'restore_user', 'add_to_group', 'remove_from_group', 'set_usage_location')),
  target_user VARCHAR NOT NULL CHECK (trim(target_user) <> ''),
  sku VARCHAR CHECK (trim(sku) <> ''),
  new_sku VARCHAR CHECK (trim(new_sku) <> ''),
  disabled_plans VARCHAR[],
  target_group VARCHAR CHECK (trim(target_group) <> ''),
  usage_location VARCHAR CHECK (regexp_full_match(usage_location, '[A-Z]{2}')),
  display_name VARCHAR CHECK (trim(display_name) <> ''),
  reason VARCHAR,
  basis VARCHAR CHECK (basis IN ('disabled account', 'not reported', 'never used', 'inactive', 'duplicate')),
  requested_by VARCHAR CHECK (trim(requested_by) <> ''),
  requested_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  not_before TIMESTAMPTZ,
  status VARCHAR NOT NULL DEFAULT 'requested' CHECK (status IN (
    'requested', 'planned', 'applied', 'already_done', 'refused', 'failed', 'waiting_for_seat', 'rejected', 'cancelled')),
  plan_id VARCHAR,
  outcome VARCHAR,
  undo_of BIGINT CHECK (undo_of > 0),
  CONSTRAINT sku_belongs_to_actions_about_licenses CHECK (
    (sku IS NOT NULL) = (action IN ('assign_license', 'remove_license', 'swap_license', 'set_disabled_plans'))),
  CONSTRAINT new_sku_belongs_to_swap_license CHECK ((new_sku IS NOT NULL) = (action = 'swap_license')),
  CONSTRAINT disabled_plans_belong_to_what_is_given CHECK (
    CASE action
      WHEN 'set_disabled_plans' THEN disabled_plans IS NOT NULL
      WHEN 'assign_license' THEN true
      WHEN 'swap_license' THEN true
      ELSE disabled_plans IS NULL
    END),
  CONSTRAINT target_group_belongs_to_group_actions CHECK ((target_group IS NOT NULL) = (action IN ('add_to_group', 'remove_from_group'))),
  CONSTRAINT usage_location_is_only_set_when_asked_for CHECK (
    CASE action WHEN 'set_usage_location' THEN usage_location IS NOT NULL WHEN 'create_user' THEN true ELSE usage_location IS NULL END),
  CONSTRAINT display_name_belongs_to_create_user CHECK ((display_name IS NOT NULL) = (action = 'create_user'))
);
COMMENT ON TABLE provisioning_actions IS
  'What people want changed: one row per user and change. Insert with any DuckDB client; nothing happens before '
  'm365lake provision plan and apply. From the warehouse: ATTACH ''data/control.duckdb'' AS control; INSERT INTO '
  'control.provisioning_actions (tenant, action, target_user, sku, basis, reason, requested_by) SELECT tenant_id, '
  '''remove_license'', user_principal_name, sku_id, reason, evidence, ''your name'' FROM reclaimable_licenses WHERE '
  'confidence = ''high'' AND granted = ''direct'';';
COMMENT ON COLUMN provisioning_actions.action_id IS 'Number of the action; given by itself.';
COMMENT ON COLUMN provisioning_actions.tenant IS
  'Name in pipelines.yaml or id of the tenant; NULL where there is only one.';
COMMENT ON COLUMN provisioning_actions.action IS
  'What to do: assign_license, remove_license, swap_license (sku goes, new_sku comes), set_disabled_plans, '
  'disable_user, enable_user, revoke_sessions, create_user, delete_user, restore_user, add_to_group, '
  'remove_from_group, set_usage_location.';
COMMENT ON COLUMN provisioning_actions.target_user IS 'The user, by sign-in name or Entra object id.';
COMMENT ON COLUMN provisioning_actions.sku IS 'The product, by part number, id or name. For actions about licences.';
COMMENT ON COLUMN provisioning_actions.new_sku IS 'What a swap_license gives in place of sku.';
COMMENT ON COLUMN provisioning_actions.disabled_plans IS
  'Service plans to switch off, by name or id. NULL: on assign_license none, on swap_license those that were off. '
  'Empty list: none.';
COMMENT ON COLUMN provisioning_actions.target_group IS
  'The group, by id or display name. For add_to_group and remove_from_group.';
COMMENT ON COLUMN provisioning_actions.usage_location IS
  'Two-letter country. For set_usage_location and create_user; never set on the side.';
COMMENT ON COLUMN provisioning_actions.display_name IS 'Name of the new user of create_user.';
COMMENT ON COLUMN provisioning_actions.reason IS 'Why, in the words of who asks.';
COMMENT ON COLUMN provisioning_actions.basis IS
  'The reason of reclaimable_licenses that this rests on; it is looked at again before anything is done. NULL: a '
  'person decided.';
COMMENT ON COLUMN provisioning_actions.requested_by IS 'Who asks. Needed where a different person must approve.';
COMMENT ON COLUMN provisioning_actions.requested_at IS 'When; now unless said.';
COMMENT ON COLUMN provisioning_actions.not_before IS 'Earliest time at which it may be done; NULL is at once.';
COMMENT ON COLUMN provisioning_actions.status IS
  'Kept by the program: requested, planned, applied, already_done, refused, failed, waiting_for_seat (the next plan '
  'takes it up again), rejected or cancelled.';
COMMENT ON COLUMN provisioning_actions.plan_id IS 'Kept by the program: the last plan that had it.';
COMMENT ON COLUMN provisioning_actions.outcome IS 'Kept by the program: what became of it, in a sentence.';
COMMENT ON COLUMN provisioning_actions.undo_of IS 'The ledger entry that this takes back.';
