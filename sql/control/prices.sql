-- What does a seat of each product cost a month?
SELECT sku, monthly_price::DOUBLE AS monthly_price, currency
FROM sku_prices
ORDER BY sku;
