ALTER TYPE "mood" SET SCHEMA "audit";
ALTER TABLE "users" DROP COLUMN "email";
-- as a script: can't move enum mood to schema audit without a look at the database: table users may stand on it, and its catalog alone tells how
