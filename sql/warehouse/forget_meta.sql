-- What made the warehouse before is no longer told.
DELETE FROM m365lake.meta;
