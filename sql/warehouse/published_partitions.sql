-- Which lake files does the published warehouse hold, as they were when they were loaded? One that an older
-- version made has no checksums.
WITH partitions AS (
  SELECT *
  FROM m365lake.partitions
  UNION ALL BY NAME
  SELECT CAST(NULL AS BIGINT) AS checksum
  WHERE false
)
SELECT table_name, path, size, modified_ns, rows, checksum
FROM partitions;
