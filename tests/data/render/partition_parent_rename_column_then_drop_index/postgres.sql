DROP INDEX "events_note";
-- can't undo drop index events_note on table events: Dunlin can't bring back table events_a below it that calls index events_note events_a_note_id_idx; write a down
