CREATE INDEX CONCURRENTLY products_price ON products (price);
