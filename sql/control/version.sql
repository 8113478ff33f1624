-- How far is this control database built?
SELECT max(version) AS version, count(*) AS rows
FROM control_version;
