-- Is this a control database? All its tables, and those called control_version.
SELECT count(*) AS tables, count(*) FILTER (table_name = 'control_version') AS marks
FROM duckdb_tables()
WHERE database_name = 'control';
