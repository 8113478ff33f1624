-- Which rows say what made the warehouse before this build? They are deleted.
DELETE FROM m365lake.meta;
