-- Whom must no plan ever touch?
CREATE TABLE protected_accounts (
  kind VARCHAR NOT NULL CHECK (kind IN ('account', 'role', 'group', 'pattern')),
  value VARCHAR NOT NULL CHECK (trim(value) <> ''),
  reason VARCHAR,
  PRIMARY KEY (kind, value)
);
COMMENT ON TABLE protected_accounts IS
  'Accounts that provisioning refuses to change, in all tenants. Holders of admin roles are protected besides, '
  'unless the setting protect_admins is off.';
COMMENT ON COLUMN protected_accounts.kind IS
  'What value names: account (sign-in name or object id), role (everybody who holds it), group (all its members) or '
  'pattern (sign-in names; * stands for any text).';
COMMENT ON COLUMN protected_accounts.value IS 'The account, role, group or pattern, such as breakglass*@contoso.com.';
COMMENT ON COLUMN protected_accounts.reason IS 'Why; shown when a step is refused.';
