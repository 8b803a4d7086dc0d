DROP INDEX "users_age";
ALTER TABLE "users" DROP COLUMN "age";
