ALTER TABLE "person" DROP COLUMN "mood";
DROP TYPE "mood";
-- as a script: can't drop enum mood without a look at the database: table person may stand on it, and its catalog alone tells how
