-- create notes
-- dunlin: revises m20230110_000001_add_email
CREATE TABLE notes (id integer PRIMARY KEY);
-- dunlin: down
DROP TABLE notes;
