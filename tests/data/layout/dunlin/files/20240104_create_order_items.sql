-- dunlin: id items
-- dunlin: depends-on 20240102_create_products
CREATE TABLE order_items (
  order_id integer NOT NULL REFERENCES orders (id),
  product_id integer NOT NULL REFERENCES products (id),
  amount integer NOT NULL DEFAULT 1,
  PRIMARY KEY (order_id, product_id)
);

-- dunlin: down
DROP TABLE order_items;
