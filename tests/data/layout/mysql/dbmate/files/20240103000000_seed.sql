-- migrate:up
SET @base = 400;
INSERT INTO users (id, name, email) VALUES (1, 'Ann; the \'first\'', 'ann@example.com'), (2, "O\"Neill -- no comment", NULL);
INSERT INTO products (id, title, price) VALUES
  (1, 'Tea /* green */', @base + 50), # cheap; or not
  (2, 'Café 🦀', 700);
INSERT INTO orders VALUES (1, 1, '2024-05-01');
INSERT INTO order_items (order_id, product_id, amount) VALUES (1, 2, 3);
UPDATE products SET price = 750 WHERE id = 2;
CALL raise_prices(10);

-- migrate:down
DELETE FROM price_changes;
DELETE FROM order_items;
DELETE FROM orders;
DELETE FROM products;
DELETE FROM users;
