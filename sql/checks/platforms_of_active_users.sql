-- Nobody is counted on a platform without being active, and the desktop is Windows or Mac.
FROM activity_metrics
WHERE greatest(windows_users, mac_users, mobile_users, web_users, desktop_users) > active_users
  OR desktop_users > windows_users + mac_users
  OR desktop_users < greatest(windows_users, mac_users)
  OR least(windows_users, mac_users, mobile_users, web_users, desktop_users) < 0
