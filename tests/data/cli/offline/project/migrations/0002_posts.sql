-- dunlin: revises 0001_users
CREATE TABLE posts (id integer NOT NULL PRIMARY KEY, author integer);
INSERT INTO users (id, email) VALUES (1, 'it''s; ada')
-- dunlin: down
DROP TABLE posts;
