DROP TABLE "events_a";
DROP TABLE "events";
-- can't undo drop table events: it has table events_a below it that calls index events_once events_a_kind_note_key, which Dunlin can't bring back; write a down
