-- What was planned, and who said yes or no to it?
CREATE TABLE provisioning_plans (
  plan_id VARCHAR PRIMARY KEY CHECK (trim(plan_id) <> ''),
  tenant_id VARCHAR NOT NULL,
  tenant_name VARCHAR NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by VARCHAR NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  status VARCHAR NOT NULL CHECK (status IN ('open', 'approved', 'rejected', 'cancelled', 'expired', 'empty', 'stopped', 'applied')),
  plan_hash VARCHAR NOT NULL,
  document VARCHAR NOT NULL
);
COMMENT ON TABLE provisioning_plans IS
  'The plans, as they were shown. Kept by the program; a plan that was changed by hand is refused.';
COMMENT ON COLUMN provisioning_plans.plan_id IS 'Id of the plan.';
COMMENT ON COLUMN provisioning_plans.tenant_id IS 'Entra tenant (directory) id.';
COMMENT ON COLUMN provisioning_plans.tenant_name IS 'Name of the tenant in pipelines.yaml.';
COMMENT ON COLUMN provisioning_plans.created_at IS 'When it was made.';
COMMENT ON COLUMN provisioning_plans.created_by IS 'Who made it.';
COMMENT ON COLUMN provisioning_plans.expires_at IS 'From when on it can no longer be approved or applied.';
COMMENT ON COLUMN provisioning_plans.status IS
  'open (waits for approval), approved, rejected, cancelled, expired, empty (nothing in it could or need be done), '
  'stopped (applied in part) or applied.';
COMMENT ON COLUMN provisioning_plans.plan_hash IS 'SHA-256 of the plan, which approvals name.';
COMMENT ON COLUMN provisioning_plans.document IS 'The whole plan as JSON.';
CREATE TABLE provisioning_decisions (
  plan_id VARCHAR NOT NULL,
  plan_hash VARCHAR NOT NULL,
  decision VARCHAR NOT NULL CHECK (decision IN ('approved', 'rejected', 'cancelled')),
  decided_by VARCHAR NOT NULL CHECK (trim(decided_by) <> ''),
  decided_at TIMESTAMPTZ NOT NULL,
  note VARCHAR
);
COMMENT ON TABLE provisioning_decisions IS 'Who approved, rejected or cancelled which plan. Kept by the program.';
COMMENT ON COLUMN provisioning_decisions.plan_id IS 'The plan.';
COMMENT ON COLUMN provisioning_decisions.plan_hash IS
  'Hash of what was decided on: an approval of another plan counts for nothing.';
COMMENT ON COLUMN provisioning_decisions.decision IS 'approved, rejected or cancelled.';
COMMENT ON COLUMN provisioning_decisions.decided_by IS 'Who, as they called themselves.';
COMMENT ON COLUMN provisioning_decisions.decided_at IS 'When.';
COMMENT ON COLUMN provisioning_decisions.note IS 'Their remark.';
