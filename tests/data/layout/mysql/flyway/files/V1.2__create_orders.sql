CREATE TABLE orders (id INT PRIMARY KEY, user_id INT NOT NULL, placed_on DATE, CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id));
