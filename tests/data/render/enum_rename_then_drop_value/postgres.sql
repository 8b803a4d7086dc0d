ALTER TYPE "mood" RENAME TO "how it's";
ALTER TYPE "how it's" RENAME TO "how it's__old";
CREATE TYPE "how it's" AS ENUM ('ok', 'mood', 'happy');
DROP INDEX "happy_people";
ALTER TABLE "person"
  DROP CONSTRAINT "not_happy",
  ALTER COLUMN "mood" DROP DEFAULT,
  ALTER COLUMN "mood" TYPE "how it's" USING "mood"::text::"how it's",
  ALTER COLUMN "mood" SET DEFAULT 'mood'::"how it's",
  ALTER COLUMN "moods" TYPE "how it's"[] USING "moods"::text[]::"how it's"[],
  ADD CONSTRAINT "not_happy" CHECK (((mood <> 'happy'::"how it's") OR ((id > 0) AND ('::mood'::text <> ''::text))));
CREATE INDEX happy_people ON public.person USING btree (mood) WHERE (mood = 'happy'::"how it's");
DROP TYPE "how it's__old";
-- as a script: can't rename enum mood to how it's without a look at the database: table person may stand on it, and its catalog alone tells how
