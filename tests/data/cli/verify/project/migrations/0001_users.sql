CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, email varchar(100), state varchar(8) CHECK (state IN ('new', 'old')));
CREATE INDEX users_email ON users (email);
-- dunlin: down
DROP TABLE users;
