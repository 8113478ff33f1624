-- What is a rule that the control database lacks? In the order of the columns.
INSERT OR IGNORE INTO settings (setting, value, meaning)
VALUES ($1, $2, $3);
