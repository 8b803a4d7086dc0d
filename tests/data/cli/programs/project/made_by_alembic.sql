CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY);
CREATE TABLE posts (id INTEGER NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('27c6a30d7c24');
