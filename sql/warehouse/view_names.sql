-- Which views does the warehouse have?
SELECT view_name
FROM duckdb_views()
WHERE NOT internal AND NOT temporary AND database_name = current_database() AND schema_name = 'main'
ORDER BY ALL;
