ALTER TYPE "mood" RENAME TO "mood__old";
CREATE TYPE "mood" AS ENUM ('ok', 'happy');
DROP INDEX "happy_people";
ALTER TABLE "person"
  DROP CONSTRAINT "not_happy",
  ALTER COLUMN "mood" DROP DEFAULT,
  ALTER COLUMN "mood" TYPE "mood" USING "mood"::text::"mood",
  ALTER COLUMN "mood" SET DEFAULT 'ok'::mood,
  ALTER COLUMN "moods" TYPE "mood"[] USING "moods"::text[]::"mood"[],
  ADD CONSTRAINT "not_happy" CHECK (((mood <> 'happy'::mood) OR (id > 0)));
CREATE INDEX happy_people ON public.person USING btree (mood) WHERE (mood = 'happy'::mood);
COMMENT ON CONSTRAINT "not_happy" ON "person" IS 'it''s the rule';
COMMENT ON INDEX "happy_people" IS 'it''s for the front page';
DROP TYPE "mood__old";
-- as a script: can't alter values of enum mood without a look at the database: table person may stand on it, and its catalog alone tells how
