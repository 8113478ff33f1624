-- What are the settings of provisioning?
SELECT setting, value FROM settings ORDER BY setting;
