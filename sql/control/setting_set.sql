-- What is the value of a setting from now on? $1 the setting, $2 the value.
UPDATE settings SET value = $2 WHERE setting = $1;
