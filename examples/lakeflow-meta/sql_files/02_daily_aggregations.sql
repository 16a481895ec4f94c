-- Sales of each day and region.
CREATE OR REPLACE TABLE gold.daily_sales AS
SELECT order_date, region, COUNT(*) AS orders, SUM(amount) AS amount
FROM silver.sales
GROUP BY order_date, region;
