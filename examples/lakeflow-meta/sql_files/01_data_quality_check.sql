-- Null rate of each column against a threshold in percent.
SELECT
  column_name,
  null_percentage,
  CASE WHEN null_percentage <= CAST(:threshold AS DOUBLE) THEN 'PASS' ELSE 'FAIL' END AS status
FROM (
  SELECT 'customer_id' AS column_name, COUNT_IF(customer_id IS NULL) * 100.0 / COUNT(*) AS null_percentage
  FROM bronze.customers
  UNION ALL
  SELECT 'email', COUNT_IF(email IS NULL) * 100.0 / COUNT(*) FROM bronze.customers
);
