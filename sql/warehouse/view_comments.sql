-- What are the columns of the views said to mean?
SELECT v.view_name, c.column_name, coalesce(c.comment, '')
FROM duckdb_views() AS v
JOIN duckdb_columns() AS c ON c.table_oid = v.view_oid AND c.database_oid = v.database_oid
WHERE NOT v.internal AND NOT v.temporary AND v.database_name = current_database() AND v.schema_name = 'main';
