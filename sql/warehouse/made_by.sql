-- Which shape of the tables and which way of making roll-ups made this warehouse?
SELECT
  max(value) FILTER (WHERE key = 'schema'),
  coalesce(max(value) FILTER (WHERE key = 'rollups'), '')
FROM m365lake.meta;
