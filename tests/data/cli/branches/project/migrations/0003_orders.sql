-- dunlin: revises 0001_users
-- dunlin: branch-label shop
CREATE TABLE orders (id integer NOT NULL PRIMARY KEY);
-- dunlin: down
DROP TABLE orders;
