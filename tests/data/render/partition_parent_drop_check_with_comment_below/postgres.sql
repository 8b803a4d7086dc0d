ALTER TABLE "events" DROP CONSTRAINT "is_word";
-- can't undo drop check is_word of table events: Dunlin can't bring back constraint is_word that has a comment in table events_1 below; write a down
-- as a script: whether and how table events is there isn't known behind the SQL of revision 1
