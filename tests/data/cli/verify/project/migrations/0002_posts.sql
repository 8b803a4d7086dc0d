CREATE TABLE posts (id INTEGER NOT NULL PRIMARY KEY, author INTEGER NOT NULL REFERENCES users (id), title varchar(80));
-- dunlin: down
DROP TABLE posts;
