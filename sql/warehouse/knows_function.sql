-- Was a function registered already? Parameter: its name.
SELECT count(*) > 0
FROM duckdb_functions()
WHERE function_name = ?;
