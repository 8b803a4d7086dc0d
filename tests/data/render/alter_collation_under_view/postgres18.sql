DROP VIEW "people";
ALTER TABLE "users" ALTER COLUMN "email" TYPE character varying(255) COLLATE "C";
CREATE VIEW "people" AS
SELECT id,
    email
   FROM users;
-- as a script: can't alter collation of column users.email without a look at the database: view people may stand on it, and its catalog alone tells how
