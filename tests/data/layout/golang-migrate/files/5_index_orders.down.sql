DROP INDEX orders_placed_on;
DROP INDEX orders_user_id