-- Which entry is the last one now? $1 its number, $2 its hash.
UPDATE provisioning_ledger_head SET entry_id = $1, hash = $2;
