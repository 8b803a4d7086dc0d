ALTER TYPE "mood" RENAME TO "mood__old";
CREATE TYPE "mood" AS ENUM ('ok', 'happy');
ALTER TABLE "person"
  ALTER COLUMN "mood" DROP DEFAULT,
  ALTER COLUMN "mood" TYPE "mood" USING "mood"::text::"mood",
  ALTER COLUMN "mood" SET DEFAULT 'ok'::mood;
DROP TYPE "mood__old";
-- as a script: can't alter values of enum mood without a look at the database: table person may stand on it, and its catalog alone tells how
