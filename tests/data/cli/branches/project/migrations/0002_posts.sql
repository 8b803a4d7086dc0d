-- dunlin: revises 0001_users
-- dunlin: branch-label blog
CREATE TABLE posts (id integer NOT NULL PRIMARY KEY);
-- dunlin: down
DROP TABLE posts;
