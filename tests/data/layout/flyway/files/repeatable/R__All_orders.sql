DROP VIEW IF EXISTS all_orders;
CREATE VIEW all_orders AS SELECT id, placed_on FROM orders;
