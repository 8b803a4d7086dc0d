-- migrate:up
CREATE TABLE last_of_all (id integer PRIMARY KEY);
-- migrate:down transaction:false
DROP TABLE last_of_all;
