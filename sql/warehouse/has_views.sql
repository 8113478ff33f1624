-- Does the warehouse have these views and macros already? Parameter: hash of what they are made from.
SELECT count(*) > 0
FROM m365lake.meta
WHERE key = 'views' AND value = ?;
