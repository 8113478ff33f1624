-- What should app_activity_daily say, going by the sandbox's own truth, of the days asked for? Shares no code with the pipeline.
SELECT p.user_principal_name, a.app, a.day::DATE AS report_date,
  CASE WHEN a.app IN ('microsoft_teams', 'exchange', 'onedrive', 'sharepoint', 'yammer') THEN a.actions::BIGINT END AS actions
FROM read_csv(getvariable('truth') || '/activity.csv', header = true, all_varchar = true) AS a
JOIN read_csv(getvariable('truth') || '/users.csv', header = true, all_varchar = true) AS p USING (user_id)
WHERE a.app <> 'copilot' AND a.day::DATE BETWEEN getvariable('first_day')::DATE AND getvariable('report_date')::DATE
ORDER BY ALL
