-- Can the usage reports that decide activity be believed? $1 any user id of the tenant, $2 their names with commas between.
SELECT
  (
    SELECT coalesce(any_value(concealed_names), false)
    FROM organizations
    WHERE tenant_id = t.tenant_id
  ) OR coalesce(bool_or(f.status = 'concealed'), false) AS concealed,
  coalesce(string_agg(f.report || ' ' || f.status, ', ' ORDER BY f.report) FILTER (WHERE f.status IN ('partial', 'failed')), '') AS faulty
FROM (SELECT tenant_id FROM users WHERE lower(user_id) = $1 LIMIT 1) AS t
LEFT JOIN data_freshness AS f
  ON f.tenant_id = t.tenant_id
    AND f.report_period IN (28, 30)
    AND f.report IN (SELECT unnest(string_split($2, ',')))
GROUP BY t.tenant_id;
