-- The departments of an app add up to its row of all departments.
SELECT
  tenant_id,
  report_date,
  report_period,
  app,
  sum(licensed_users) FILTER (WHERE all_departments) AS licensed_users,
  sum(licensed_users) FILTER (WHERE NOT all_departments) AS licensed_users_by_department,
  sum(active_users) FILTER (WHERE all_departments) AS active_users,
  sum(active_users) FILTER (WHERE NOT all_departments) AS active_users_by_department
FROM activity_metrics
GROUP BY ALL
HAVING licensed_users <> coalesce(licensed_users_by_department, 0)
  OR active_users <> coalesce(active_users_by_department, 0)
