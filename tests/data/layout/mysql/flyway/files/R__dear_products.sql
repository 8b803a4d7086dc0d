CREATE OR REPLACE VIEW dear_products AS SELECT name FROM products WHERE price > 500;
