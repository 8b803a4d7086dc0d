ALTER TABLE "events"
  ADD COLUMN "who" bigint,
  ALTER COLUMN "what" SET NOT NULL;
ALTER TABLE "events" DROP COLUMN "who";
