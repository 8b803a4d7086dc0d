ALTER TABLE "events" DROP COLUMN "what";
-- can't undo drop column events.what: Dunlin can't bring back index events_what whose copy in table events_1 has a comment; write a down
-- as a script: whether and how table events is there isn't known behind the SQL of revision 1
