-- migrate:up
DROP VIEW order_totals;
ALTER TABLE products CHANGE title name VARCHAR(80) NOT NULL;
CREATE VIEW order_totals AS SELECT i.order_id, SUM(i.amount * p.price) AS total, MAX(p.name) AS name FROM order_items i JOIN products p ON p.id = i.product_id GROUP BY i.order_id;

-- migrate:down
DROP VIEW order_totals;
ALTER TABLE products CHANGE name title VARCHAR(50) NOT NULL;
CREATE VIEW order_totals AS SELECT i.order_id, SUM(i.amount * p.price) AS total FROM order_items i JOIN products p ON p.id = i.product_id GROUP BY i.order_id;
