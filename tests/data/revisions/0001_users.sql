CREATE TABLE users (id integer PRIMARY KEY, name varchar(50) NOT NULL DEFAULT '-- dunlin: down');
INSERT INTO users (id) VALUES (1);

-- dunlin: down
DROP TABLE users;
