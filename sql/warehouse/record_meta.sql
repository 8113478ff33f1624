-- What made the warehouse? Parameters: key, value.
INSERT INTO m365lake.meta (key, value)
VALUES (?, ?);
