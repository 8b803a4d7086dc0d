ALTER TABLE "users" DROP CONSTRAINT "users_age";
ALTER TABLE "users" DROP COLUMN "age";
