CREATE VIEW "people" AS
SELECT id, email FROM users;
ALTER TABLE "users" DROP COLUMN "age";
