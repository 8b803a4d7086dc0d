ALTER TYPE "mood" RENAME TO "state";
ALTER TABLE "users" DROP COLUMN "email";
-- as a script: can't rename enum mood to state without a look at the database: table users may stand on it, and its catalog alone tells how
