CREATE TABLE seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at integer NOT NULL);
CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY);
INSERT INTO seaql_migrations VALUES ('m20240101_000001_create_users', 1704067200);
