DROP VIEW "people";
CREATE VIEW "people" AS
SELECT id, age FROM users;
ALTER TABLE "users" DROP COLUMN "email";
