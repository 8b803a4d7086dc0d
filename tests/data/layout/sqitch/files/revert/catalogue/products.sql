-- Revert shop:catalogue/products from sqlite

BEGIN;

DROP TABLE products;

COMMIT;
