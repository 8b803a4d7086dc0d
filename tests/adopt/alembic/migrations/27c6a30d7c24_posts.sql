-- dunlin: revises 1975ea83b712_users
CREATE TABLE posts (id integer PRIMARY KEY);
