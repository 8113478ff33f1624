-- Which licences cost money, and how many of them do nothing?
SELECT
  product_name AS "Licence",
  bought AS "Bought",
  assigned AS "Assigned",
  idle AS "Idle"
FROM license_info
WHERE kind = 'paid'
