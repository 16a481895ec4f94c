-- New and changed sales, by order date.
MERGE INTO silver.sales AS t
USING (SELECT * FROM bronze.sales WHERE order_date >= (SELECT COALESCE(MAX(order_date), DATE'1970-01-01') FROM silver.sales)) AS s
ON t.order_id = s.order_id
WHEN MATCHED THEN UPDATE SET *
WHEN NOT MATCHED THEN INSERT *;
