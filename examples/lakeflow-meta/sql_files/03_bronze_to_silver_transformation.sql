-- The latest version of each customer, cleaned.
CREATE OR REPLACE TABLE silver.customers AS
SELECT customer_id, TRIM(name) AS name, LOWER(TRIM(email)) AS email, updated_at
FROM bronze.customers
QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY updated_at DESC) = 1;
