-- Which lake files of a table does the warehouse hold? Parameter: table.
SELECT path, size, modified_ns
FROM m365lake.partitions
WHERE table_name = ?;
