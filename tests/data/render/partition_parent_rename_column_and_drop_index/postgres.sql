ALTER TABLE "events" RENAME COLUMN "note" TO "remark";
DROP INDEX "events_note";
-- can't undo drop index events_note on table events: partitions of events call it by column note, which this revision has renamed to remark before; drop it in a revision before that, or write a down
