DROP INDEX users_email;
-- dunlin: down
CREATE INDEX users_email ON users (state);
