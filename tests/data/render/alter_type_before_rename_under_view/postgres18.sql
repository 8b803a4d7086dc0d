DROP VIEW "people";
ALTER TABLE "users" ALTER COLUMN "email" TYPE text;
CREATE VIEW "people" AS
SELECT id,
    email
   FROM users;
ALTER TABLE "users" RENAME COLUMN "email" TO "mail";
-- as a script: can't alter type of column users.email without a look at the database: view people may stand on it, and its catalog alone tells how
