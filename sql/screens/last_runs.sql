-- How did the last runs go? Read from the lake, so that a run that published nothing is here too.
SELECT
  run_day,
  tenant_name,
  status,
  started_at,
  round(date_diff('millisecond', started_at, finished_at) / 1000, 1) AS seconds,
  rows,
  requests,
  retries,
  failed_sources,
  error
FROM read_parquet(getvariable('runs'), union_by_name = true)
ORDER BY started_at DESC
LIMIT getvariable('shown')
