-- Which plans wait, and what became of the last ones? Parameter: now.
SELECT
  p.plan_id AS plan,
  p.tenant_name AS tenant,
  CASE WHEN p.status IN ('open', 'approved') AND p.expires_at <= $1 THEN 'expired' ELSE p.status END AS status,
  json_array_length(p.document, '$.steps') AS steps,
  p.created_by,
  p.created_at,
  p.expires_at,
  d.decided
FROM provisioning_plans AS p
LEFT JOIN (
  SELECT plan_id, string_agg(decision || ' by ' || decided_by, ', ' ORDER BY decided_at) AS decided
  FROM provisioning_decisions
  GROUP BY plan_id
) AS d ON d.plan_id = p.plan_id
QUALIFY p.status IN ('open', 'approved', 'stopped') OR row_number() OVER (ORDER BY p.created_at DESC, p.plan_id DESC) <= 10
ORDER BY p.created_at DESC, p.plan_id DESC;
