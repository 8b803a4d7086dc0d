CREATE TABLE order_items (
  order_id integer NOT NULL REFERENCES orders (id),
  product_id integer NOT NULL REFERENCES products (id),
  amount integer NOT NULL DEFAULT 1,
  PRIMARY KEY (order_id, product_id)
);
