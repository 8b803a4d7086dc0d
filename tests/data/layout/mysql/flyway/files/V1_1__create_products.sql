CREATE TABLE products (
  id INT PRIMARY KEY, -- the number
  title VARCHAR(50) NOT NULL,
  price INT NOT NULL
);
