INSERT INTO users (id, name, email) VALUES (1, 'Ann; the first', 'ann@example.com');
INSERT INTO users (id, name, email) VALUES (2, 'O''Neill -- no comment', NULL);
INSERT INTO products (id, title, price) VALUES
  (1, 'Tea /* green */', 450),
  (2, 'Café 🦀', 700);
/* A comment; with a semicolon and one ' too. */
INSERT INTO orders (id, user_id, placed_on) VALUES (1, 1, '2024-05-01');
INSERT INTO order_items (order_id, product_id, amount) VALUES (1, 2, 3);

-- dunlin: down
DELETE FROM order_items;
DELETE FROM orders;
DELETE FROM products;
DELETE FROM users;
