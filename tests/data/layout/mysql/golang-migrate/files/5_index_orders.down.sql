DROP INDEX orders_placed_on ON orders
