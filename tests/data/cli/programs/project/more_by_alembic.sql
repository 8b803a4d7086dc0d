CREATE TABLE pets (id INTEGER NOT NULL PRIMARY KEY);
UPDATE alembic_version SET version_num = '3512b954651e';
