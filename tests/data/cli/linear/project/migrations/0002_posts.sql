CREATE TABLE posts (id integer NOT NULL PRIMARY KEY, author integer);
CREATE INDEX posts_author ON posts (author);
-- dunlin: down
DROP TABLE posts;
