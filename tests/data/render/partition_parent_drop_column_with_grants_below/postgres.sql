ALTER TABLE "events" DROP COLUMN "what";
-- can't undo drop column events.what: table events_1 below it that has grants of its own on column what may go with it, which Dunlin can't bring back; write a down
-- as a script: whether and how table events is there isn't known behind the SQL of revision 1
