-- Which entry does the head name, how many heads are there, and what is in the ledger?
SELECT
  count(*) AS heads,
  max(entry_id) AS entry_id,
  max(hash) AS hash,
  (SELECT count(*) FROM provisioning_ledger) AS entries,
  (SELECT coalesce(max(entry_id), 0) FROM provisioning_ledger) AS highest,
  (SELECT max_by(hash, entry_id) FROM provisioning_ledger) AS highest_hash
FROM provisioning_ledger_head;
