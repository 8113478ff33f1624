-- Which setting is new in this version of the program? In the order of the columns.
INSERT OR IGNORE INTO settings (setting, value, meaning)
VALUES ($1, $2, $3);
