-- How far is it built now? $1 the last step.
INSERT INTO control_version (version)
VALUES ($1);
