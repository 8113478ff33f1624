-- Nobody is active in a period whose last day comes before the activity, or counted as active long after it.
FROM app_activity
WHERE last_activity_date > report_date
  OR (active AND last_activity_date <= report_date - report_period AND report <> 'm365_app_user_detail' AND app <> 'cumulative')
