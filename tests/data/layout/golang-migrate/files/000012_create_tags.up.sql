CREATE TABLE tags (id integer PRIMARY KEY, label varchar(50) NOT NULL UNIQUE);
CREATE TABLE product_tags (
  product_id integer NOT NULL REFERENCES products (id),
  tag_id integer NOT NULL REFERENCES tags (id)
);
