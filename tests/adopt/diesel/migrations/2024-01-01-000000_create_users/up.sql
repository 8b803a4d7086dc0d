CREATE TABLE users (id integer PRIMARY KEY NOT NULL, name text NOT NULL);
