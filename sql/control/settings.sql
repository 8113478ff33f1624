-- What are the rules?
SELECT setting, value FROM settings ORDER BY setting;
