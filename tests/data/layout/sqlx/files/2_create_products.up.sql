-- Prices are in cents; there is no currency yet.
CREATE TABLE products (
  id integer PRIMARY KEY,
  title varchar(200) NOT NULL DEFAULT 'new; unnamed',
  price integer NOT NULL CHECK (price >= 0)
);
