-- A percentage lies between 0 and 100, and is there when somebody is licensed.
FROM activity_metrics
WHERE activity_percent NOT BETWEEN 0 AND 100
  OR isnan(activity_percent)
  OR (activity_percent IS NULL) <> (licensed_users = 0)
