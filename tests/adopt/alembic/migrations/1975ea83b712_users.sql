-- dunlin: revises base
CREATE TABLE users (id integer PRIMARY KEY);
