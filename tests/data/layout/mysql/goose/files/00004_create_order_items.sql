-- +goose Up
CREATE TABLE order_items (order_id INT NOT NULL, product_id INT NOT NULL, amount INT NOT NULL DEFAULT 1, PRIMARY KEY (order_id, product_id), FOREIGN KEY (order_id) REFERENCES orders (id), FOREIGN KEY (product_id) REFERENCES products (id));

-- +goose Down
DROP TABLE order_items;
