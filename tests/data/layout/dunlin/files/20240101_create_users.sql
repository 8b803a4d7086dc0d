-- dunlin: revises base
CREATE TABLE users (
  id integer PRIMARY KEY,
  name varchar(100) NOT NULL
);

-- dunlin: down
DROP TABLE users;
