-- Every licensed user is either active or inactive, and nobody is counted twice.
FROM activity_metrics
WHERE active_users + inactive_users <> licensed_users
  OR unreported_users > inactive_users
  OR least(licensed_users, active_users, inactive_users, unreported_users, unlicensed_active_users) < 0
