-- Revert shop:order_items from sqlite

BEGIN;

DROP TABLE order_items;

COMMIT;
