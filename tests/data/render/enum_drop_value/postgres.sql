ALTER TYPE "mood" RENAME TO "mood__old";
CREATE TYPE "mood" AS ENUM ('ok', 'happy');
ALTER TABLE "person"
  ALTER COLUMN "mood" DROP DEFAULT,
  ALTER COLUMN "mood" TYPE "mood" USING "mood"::text::"mood",
  ALTER COLUMN "mood" SET DEFAULT 'ok'::mood;
DROP TYPE "mood__old";
