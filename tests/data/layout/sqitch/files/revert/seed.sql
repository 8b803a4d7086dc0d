-- Revert shop:seed from sqlite

BEGIN;

DELETE FROM order_items;
DELETE FROM orders;
DELETE FROM products;
DELETE FROM users;

COMMIT;
