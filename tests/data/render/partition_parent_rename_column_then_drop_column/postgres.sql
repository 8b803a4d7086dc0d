ALTER TABLE "events" DROP COLUMN "remark";
-- can't undo drop column events.remark: Dunlin can't bring back table events_a below it that calls index events_once events_a_kind_note_key; write a down
