-- How much do these users store, and when was each last active in any app? $1 tenant, $2 user ids with commas between.
WITH people AS (
  SELECT user_key, lower(user_id) AS user_id
  FROM users
  WHERE tenant_id = $1 AND lower(user_id) IN (SELECT unnest(string_split($2, ',')))
),
mailboxes AS (
  SELECT user_key, arg_max(storage_used_byte, (report_date, report_period)) AS bytes
  FROM report_mailbox_usage_detail
  SEMI JOIN people USING (user_key)
  WHERE tenant_id = $1 AND NOT coalesce(is_deleted, false)
  GROUP BY user_key
),
-- A person can own several sites, of which one is used.
drives AS (
  SELECT user_key, max(bytes) AS bytes
  FROM (
    SELECT user_key, account, arg_max(storage_used_byte, (report_date, report_period)) AS bytes
    FROM report_onedrive_usage_account_detail
    SEMI JOIN people USING (user_key)
    WHERE tenant_id = $1 AND NOT coalesce(is_deleted, false)
    GROUP BY user_key, account
  )
  GROUP BY user_key
),
measured AS (
  SELECT max(report_date) AS report_date
  FROM app_activity
  WHERE tenant_id = $1 AND app = 'cumulative' AND report_period = 30
),
activity AS (
  SELECT a.user_key, a.last_activity_date
  FROM app_activity AS a
  SEMI JOIN measured AS m ON m.report_date = a.report_date
  WHERE a.tenant_id = $1 AND a.app = 'cumulative' AND a.report_period = 30
)
SELECT
  p.user_id,
  b.bytes AS mailbox_bytes,
  d.bytes AS onedrive_bytes,
  a.user_key IS NOT NULL AS reported,
  strftime(a.last_activity_date, '%Y-%m-%d') AS last_activity_date,
  strftime(m.report_date, '%Y-%m-%d') AS report_date
FROM people AS p
CROSS JOIN measured AS m
LEFT JOIN mailboxes AS b USING (user_key)
LEFT JOIN drives AS d USING (user_key)
LEFT JOIN activity AS a USING (user_key);
