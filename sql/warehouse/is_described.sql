-- Do the tables have these comments already? Parameter: hash of the comments.
SELECT count(*) > 0
FROM m365lake.meta
WHERE key = 'documentation' AND value = ?;
