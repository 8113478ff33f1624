-- Which macros of a kind does the warehouse have? A macro of several arities has several rows. Parameter: kind.
SELECT DISTINCT function_name
FROM duckdb_functions()
WHERE NOT internal AND database_name = current_database() AND schema_name = 'main' AND function_type = ?
ORDER BY ALL;
