-- How much is each app used? The product's first screen, over the last 30 days.
SELECT
  app_label AS "App",
  activity_percent AS "Activity usage %",
  active_users AS "Active users",
  inactive_users AS "Users with no activity",
  licensed_users AS "Licensed users"
FROM app_usage
WHERE report_period = 30
