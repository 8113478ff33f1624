-- Why could licences of these users be taken back, and how sure is that? $1 user ids with commas between.
SELECT
  lower(u.user_id) AS user_id,
  lower(r.sku_id) AS sku_id,
  r.reason,
  r.confidence,
  strftime(r.report_date, '%Y-%m-%d') AS report_date,
  strftime(r.last_activity_date, '%Y-%m-%d') AS last_activity_date,
  coalesce(r.created_on > r.report_date - 30, false) AS young
FROM reclaimable_licenses AS r
JOIN users AS u USING (tenant_id, user_key)
WHERE lower(u.user_id) IN (SELECT unnest(string_split($1, ',')));
