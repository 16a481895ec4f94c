-- Hours since the last update of a table.
SELECT
  CASE
    WHEN MAX(updated_at) IS NULL THEN 'NO_DATA'
    WHEN TIMESTAMPDIFF(HOUR, MAX(updated_at), CURRENT_TIMESTAMP()) <= CAST(:max_hours AS INT) THEN 'FRESH'
    ELSE 'STALE'
  END AS status
FROM silver.customers;
