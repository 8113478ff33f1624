-- Where does the directory no longer show what provisioning did, and may it just be late?
-- Columns from: organizations, users.
CREATE OR REPLACE VIEW provisioning_drift AS
WITH done AS (
  SELECT
    *,
    from_json(
      after,
      '{"account": "VARCHAR", "enabled": "BOOLEAN", "usage_location": "VARCHAR", '
      '"licenses": "MAP(VARCHAR, STRUCT(assigned BOOLEAN, disabled_plans VARCHAR[]))"}'
    ) AS state
  FROM provisioning_ledger
  WHERE event IN ('done', 'settled', 'mismatch') AND user_id IS NOT NULL
),
claims AS (
  SELECT
    * EXCLUDE (state, item),
    'license' AS aspect,
    item.key AS sku_id,
    CASE
      WHEN item.value.assigned
        THEN concat_ws(
          ' without ',
          'assigned',
          nullif(array_to_string(list_sort(coalesce(item.value.disabled_plans, [])), ', '), '')
        )
      ELSE 'not assigned'
    END AS expected
  FROM (SELECT *, unnest(map_entries(state.licenses)) AS item FROM done)
  UNION ALL
  SELECT * EXCLUDE (state), 'sign-in', NULL, CASE WHEN state.enabled THEN 'enabled' ELSE 'disabled' END
  FROM done
  WHERE state.enabled IS NOT NULL
  UNION ALL
  SELECT * EXCLUDE (state), 'usage location', NULL, coalesce(nullif(state.usage_location, ''), 'none')
  FROM done
  WHERE state.usage_location IS NOT NULL
  UNION ALL
  SELECT * EXCLUDE (state), 'account', NULL, CASE state.account WHEN 'live' THEN 'live' ELSE 'deleted' END
  FROM done
  WHERE state.account IS NOT NULL
),
newest AS (
  FROM claims
  QUALIFY entry_id = max(entry_id) OVER (PARTITION BY tenant_id, user_id, aspect, sku_id)
),
-- When the listing of users began that the tables show, or an earlier one.
listed AS (
  SELECT e.tenant_id, max(e.started_at) AS read_at
  FROM run_steps AS e
  JOIN run_steps AS t
    ON t.tenant_id = e.tenant_id
    AND t.run_id = e.run_id
    AND t.source = e.source
    AND t.stage = 'transform'
    AND t.status = 'done'
  WHERE e.stage = 'extract' AND e.source = 'users' AND e.status = 'done'
  GROUP BY e.tenant_id
),
direct AS (
  -- An unknown way may be a direct one, but need not be.
  SELECT a.tenant_id, u.user_id, a.sku_id, any_value(a.disabled_plans) AS disabled_plans, bool_or(a.source = 'direct') AS certain
  FROM license_assignments AS a
  JOIN users AS u ON u.tenant_id = a.tenant_id AND u.user_key = a.user_key
  SEMI JOIN newest AS n ON n.tenant_id = u.tenant_id AND n.user_id = u.user_id
  WHERE a.source IN ('direct', 'unknown')
  GROUP BY a.tenant_id, u.user_id, a.sku_id
),
compared AS (
  SELECT
    n.*,
    l.read_at,
    u.user_key,
    CASE n.aspect
      WHEN 'account' THEN CASE WHEN u.user_key IS NULL OR u.deleted_at IS NOT NULL THEN 'deleted' ELSE 'live' END
      WHEN 'license' THEN CASE
        WHEN d.sku_id IS NULL OR n.expected = 'not assigned' AND NOT d.certain THEN 'not assigned'
        ELSE concat_ws(' without ', 'assigned', nullif(array_to_string(list_sort(coalesce(d.disabled_plans, [])), ', '), ''))
      END
      WHEN 'sign-in' THEN CASE u.account_enabled WHEN true THEN 'enabled' WHEN false THEN 'disabled' END
      ELSE coalesce(u.usage_location, 'none')
    END AS found
  FROM newest AS n
  JOIN listed AS l ON l.tenant_id = n.tenant_id AND l.read_at > n.recorded_at
  LEFT JOIN users AS u ON u.tenant_id = n.tenant_id AND u.user_id = n.user_id
  LEFT JOIN direct AS d ON d.tenant_id = n.tenant_id AND d.user_id = n.user_id AND d.sku_id = n.sku_id
  -- Of a user who is gone the view can say only that.
  WHERE n.aspect = 'account' OR u.deleted_at IS NULL AND u.user_key IS NOT NULL
)
SELECT
  o.tenant_name,
  c.user_principal_name,
  c.aspect,
  coalesce(k.product_name, c.sku_id) AS product_name,
  c.expected,
  c.found,
  CASE
    WHEN c.read_at < c.recorded_at + INTERVAL 1 HOUR
      THEN 'may be late: the users were listed within an hour, and Graph''s lists lag behind; see the next run'
    WHEN c.event = 'mismatch' THEN 'reading back showed something else even then'
    ELSE 'changed since by somebody or something else'
  END AS explanation,
  c.recorded_at AS applied_at,
  c.read_at,
  c.actor AS applied_by,
  c.action,
  c.entry_id,
  c.run_id,
  c.action_id,
  c.sku_id,
  c.user_id,
  c.user_key,
  c.tenant_id
FROM compared AS c
JOIN organizations AS o USING (tenant_id)
LEFT JOIN skus_current AS k ON k.tenant_id = c.tenant_id AND k.sku_id = c.sku_id
WHERE c.expected <> c.found
ORDER BY o.tenant_name, c.recorded_at DESC, c.user_principal_name, c.aspect, c.sku_id;

COMMENT ON VIEW provisioning_drift IS
  'What provisioning did last to each user and licence, where a listing of users that began later shows something '
  'else. Groups and sessions are not listed and so not compared.';
COMMENT ON COLUMN provisioning_drift.user_principal_name IS 'Sign-in name when it was done.';
COMMENT ON COLUMN provisioning_drift.aspect IS
  'account, sign-in, usage location or license (direct ones alone: what groups grant is not provisioning''s).';
COMMENT ON COLUMN provisioning_drift.product_name IS 'The product; NULL unless aspect is license.';
COMMENT ON COLUMN provisioning_drift.expected IS 'As provisioning left it.';
COMMENT ON COLUMN provisioning_drift.found IS 'As the directory shows it.';
COMMENT ON COLUMN provisioning_drift.explanation IS
  'Why they may differ: the listing may be late, the change was never seen, or it was changed since.';
COMMENT ON COLUMN provisioning_drift.applied_at IS 'When it was done.';
COMMENT ON COLUMN provisioning_drift.read_at IS 'When the listing of users began.';
COMMENT ON COLUMN provisioning_drift.applied_by IS 'Who applied it.';
COMMENT ON COLUMN provisioning_drift.action IS 'What was done.';
COMMENT ON COLUMN provisioning_drift.entry_id IS 'The entry of provisioning_ledger.';
COMMENT ON COLUMN provisioning_drift.run_id IS 'The run of provision apply.';
COMMENT ON COLUMN provisioning_drift.action_id IS 'Number of the action in the control database.';
COMMENT ON COLUMN provisioning_drift.sku_id IS 'Product (SKU) id; NULL unless aspect is license.';
COMMENT ON COLUMN provisioning_drift.user_key IS 'The user; NULL when the directory never listed the account.';
