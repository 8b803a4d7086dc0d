ALTER TABLE "events" DROP CONSTRAINT "events_key";
-- can't undo drop unique constraint events_key of table events: Dunlin can't bring back index events_key whose copy in table events_1 has a comment; write a down
-- as a script: whether and how table events is there isn't known behind the SQL of revision 1
