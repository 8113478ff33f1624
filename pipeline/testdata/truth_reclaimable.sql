-- Whose paid licences do nothing in the apps in the variable apps, going by the sandbox's own truth? Shares no code with the views.
WITH people AS (
  SELECT user_id, account_enabled = 'true' AS enabled
  FROM read_csv(getvariable('truth') || '/users.csv', header = true, all_varchar = true)
),
held AS (
  SELECT DISTINCT user_id, sku_id
  FROM read_csv(getvariable('truth') || '/licenses.csv', header = true, all_varchar = true)
  WHERE state IS NULL OR state NOT IN ('Error', 'Disabled')
),
active AS (
  SELECT DISTINCT user_id
  FROM read_csv(getvariable('truth') || '/activity.csv', header = true, all_varchar = true)
  WHERE list_contains(string_split(getvariable('apps'), ','), app)
    AND day::DATE > getvariable('report_date')::DATE - 30
    AND day::DATE <= getvariable('report_date')::DATE
)
SELECT h.user_id, h.sku_id, CASE WHEN p.enabled THEN 'idle' ELSE 'disabled' END AS reason
FROM held AS h
JOIN people AS p USING (user_id)
LEFT JOIN active AS a USING (user_id)
WHERE list_contains(string_split(getvariable('paid'), ','), h.sku_id) AND (NOT p.enabled OR a.user_id IS NULL)
ORDER BY ALL
