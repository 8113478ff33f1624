-- How far was it built before?
DELETE FROM control_version;
