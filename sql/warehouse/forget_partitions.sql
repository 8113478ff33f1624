-- Which lake files of a table are no longer held? Parameters: table, paths.
DELETE FROM m365lake.partitions
WHERE table_name = ? AND path IN (SELECT unnest(CAST(? AS VARCHAR[])));
