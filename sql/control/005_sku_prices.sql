-- What does a seat cost, for the money in plans?
CREATE TABLE sku_prices (
  sku VARCHAR PRIMARY KEY CHECK (trim(sku) <> ''),
  monthly_price DECIMAL(18, 4) NOT NULL CHECK (monthly_price >= 0),
  currency VARCHAR NOT NULL CHECK (regexp_full_match(currency, '[A-Z]{3}'))
);
COMMENT ON TABLE sku_prices IS 'Prices for the money in plans. A price by id wins over one by part number.';
COMMENT ON COLUMN sku_prices.sku IS 'The product, by id or part number.';
COMMENT ON COLUMN sku_prices.monthly_price IS 'Price of one seat for one month.';
COMMENT ON COLUMN sku_prices.currency IS 'Currency, three letters.';
