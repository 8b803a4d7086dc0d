-- create notes
-- dunlin: revises f1f1f1f1f1f1
CREATE TABLE notes (id integer PRIMARY KEY, user_id integer REFERENCES users (id));
-- dunlin: down
DROP TABLE notes;
