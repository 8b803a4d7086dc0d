-- dunlin: revises 0001_users
-- dunlin: branch-label aside
CREATE TABLE aside (id integer NOT NULL PRIMARY KEY);
-- dunlin: down
DROP TABLE aside;
