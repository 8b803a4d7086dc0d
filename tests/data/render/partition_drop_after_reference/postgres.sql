ALTER TABLE "notes" DROP CONSTRAINT "notes_event_fkey";
DROP TABLE "events_1";
