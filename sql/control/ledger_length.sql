-- How many entries has the ledger?
SELECT count(*) FROM provisioning_ledger;
