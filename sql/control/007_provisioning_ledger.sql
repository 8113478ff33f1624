-- What was tried and what was done, call by call?
CREATE TABLE provisioning_ledger (
  entry_id BIGINT PRIMARY KEY CHECK (entry_id > 0),
  run_id VARCHAR NOT NULL,
  plan_id VARCHAR NOT NULL,
  action_id BIGINT NOT NULL,
  tenant_id VARCHAR NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  event VARCHAR NOT NULL CHECK (event IN ('intent', 'done', 'settled', 'not_done', 'denied', 'postponed', 'mismatch')),
  action VARCHAR NOT NULL,
  user_id VARCHAR NOT NULL,
  user_principal_name VARCHAR NOT NULL,
  display_name VARCHAR NOT NULL,
  before JSON NOT NULL,
  after JSON NOT NULL,
  code VARCHAR NOT NULL,
  detail VARCHAR NOT NULL,
  request_id VARCHAR NOT NULL,
  actor VARCHAR NOT NULL,
  previous_hash VARCHAR NOT NULL,
  hash VARCHAR NOT NULL
);
COMMENT ON TABLE provisioning_ledger IS
  'Every call that changed a tenant: its intent before, its outcome after. Only the program adds to it; each entry '
  'carries the hash of the one before it, so that a row made, changed or removed by hand is seen and stops all '
  'provisioning.';
COMMENT ON COLUMN provisioning_ledger.entry_id IS 'Number of the entry, from 1 without gaps.';
COMMENT ON COLUMN provisioning_ledger.run_id IS 'The run that wrote it.';
COMMENT ON COLUMN provisioning_ledger.plan_id IS 'The plan that was applied.';
COMMENT ON COLUMN provisioning_ledger.action_id IS 'The row of provisioning_actions.';
COMMENT ON COLUMN provisioning_ledger.tenant_id IS 'Entra tenant (directory) id.';
COMMENT ON COLUMN provisioning_ledger.recorded_at IS 'When.';
COMMENT ON COLUMN provisioning_ledger.event IS
  'intent (about to be called), done, settled (the run died, reading shows that it was done), not_done (nothing '
  'changed), denied (refused for good), postponed (worth another try) or mismatch (done, but reading back shows '
  'something else).';
COMMENT ON COLUMN provisioning_ledger.action IS 'What was to be done.';
COMMENT ON COLUMN provisioning_ledger.user_id IS 'Entra object id of the user; empty for one who is yet to be made.';
COMMENT ON COLUMN provisioning_ledger.user_principal_name IS 'Sign-in name of the user then.';
COMMENT ON COLUMN provisioning_ledger.display_name IS 'Name of the user then.';
COMMENT ON COLUMN provisioning_ledger.before IS 'What the step changes, as it was.';
COMMENT ON COLUMN provisioning_ledger.after IS 'What the step changes, as it shall be.';
COMMENT ON COLUMN provisioning_ledger.code IS 'Outcome for programs; empty when there is none.';
COMMENT ON COLUMN provisioning_ledger.detail IS 'Outcome for people; empty when there is none.';
COMMENT ON COLUMN provisioning_ledger.request_id IS 'Microsoft''s id of the call; empty when there is none.';
COMMENT ON COLUMN provisioning_ledger.actor IS 'Who applied.';
COMMENT ON COLUMN provisioning_ledger.previous_hash IS 'Hash of the entry before; empty in the first.';
COMMENT ON COLUMN provisioning_ledger.hash IS 'SHA-256 of the entry, previous_hash included.';
CREATE TABLE provisioning_ledger_head (
  entry_id BIGINT NOT NULL,
  hash VARCHAR NOT NULL
);
INSERT INTO provisioning_ledger_head VALUES (0, '');
COMMENT ON TABLE provisioning_ledger_head IS 'The last entry of the ledger, so that one removed from its end is seen.';
COMMENT ON COLUMN provisioning_ledger_head.entry_id IS 'Number of the last entry; 0 while there is none.';
COMMENT ON COLUMN provisioning_ledger_head.hash IS 'Its hash.';
