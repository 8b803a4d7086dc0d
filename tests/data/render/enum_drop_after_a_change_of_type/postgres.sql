ALTER TABLE "person"
  ALTER COLUMN "mood" DROP DEFAULT,
  ALTER COLUMN "mood" TYPE text;
DROP TYPE "mood";
-- as a script: can't drop enum mood without a look at the database: table person may stand on it, and its catalog alone tells how
