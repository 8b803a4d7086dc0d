CREATE TABLE posts (id integer NOT NULL PRIMARY KEY);
INSERT INTO posts (id) VALUES (1);
INSERT INTO posts (id)
VALUES (1);
-- dunlin: down
DROP TABLE posts;
