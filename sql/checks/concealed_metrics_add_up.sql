-- Numbers counted by pseudonym lie within what can be known.
FROM concealed_metrics
WHERE least(licensed_users, active_users) < 0
  OR inactive_users <> greatest(licensed_users - active_users, 0)
  OR activity_percent NOT BETWEEN 0 AND 100
  OR isnan(activity_percent)
  OR (activity_percent IS NULL) <> (licensed_users = 0)
