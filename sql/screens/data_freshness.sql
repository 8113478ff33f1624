-- How fresh is each usage report, and what was wrong with it in the last run?
SELECT * EXCLUDE (tenant_id)
FROM data_freshness;
