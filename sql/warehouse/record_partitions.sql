-- Which lake files of a table are held from now on? Parameters: table, and a list for each other column.
INSERT INTO m365lake.partitions (table_name, tenant_id, path, size, modified_ns, rows, checksum)
SELECT
  ?,
  unnest(CAST(? AS VARCHAR[])),
  unnest(CAST(? AS VARCHAR[])),
  unnest(CAST(? AS BIGINT[])),
  unnest(CAST(? AS BIGINT[])),
  unnest(CAST(? AS BIGINT[])),
  unnest(CAST(? AS BIGINT[]));
