-- Revert shop:index_orders from sqlite

BEGIN;

DROP INDEX orders_placed_on;
DROP INDEX orders_user_id;

COMMIT;
