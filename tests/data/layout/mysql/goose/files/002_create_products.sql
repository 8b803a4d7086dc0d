-- +goose Up
CREATE TABLE products (
  id INT PRIMARY KEY,
  title VARCHAR(50) NOT NULL,
  price INT NOT NULL
);

-- +goose Down
DROP TABLE products;
