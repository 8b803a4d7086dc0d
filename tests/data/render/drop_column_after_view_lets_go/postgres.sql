DROP VIEW "people";
CREATE VIEW "people" AS
SELECT id, age FROM users;
ALTER TABLE "users" DROP COLUMN "email";
-- as a script: can't drop column users.email without a look at the database: view people may stand on it, and its catalog alone tells how
