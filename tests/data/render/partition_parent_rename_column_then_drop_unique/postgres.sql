ALTER TABLE "events" DROP CONSTRAINT "events_once";
-- can't undo drop unique constraint events_once of table events: Dunlin can't bring back table events_a below it that calls index events_once events_a_kind_note_key; write a down
