-- Who was there before users were removed or replaced?
CREATE OR REPLACE TEMP TABLE users_before AS
SELECT tenant_id, user_key
FROM users;
