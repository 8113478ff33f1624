-- How many users are gone whom the warehouse had before?
SELECT count(*)
FROM temp.main.users_before
ANTI JOIN users USING (tenant_id, user_key);
