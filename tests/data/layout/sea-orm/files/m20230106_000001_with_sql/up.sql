CREATE TABLE from_sql (id integer PRIMARY KEY);
