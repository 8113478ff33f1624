-- Whom must no plan change?
SELECT kind, value, coalesce(reason, '') AS reason
FROM protected_accounts
ORDER BY kind, value;
