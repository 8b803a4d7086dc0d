DROP INDEX "events_what";
-- can't undo drop index events_what on table events: Dunlin can't bring back index events_what whose copy in table events_1 has storage parameters of its own; write a down
-- as a script: whether and how table events is there isn't known behind the SQL of revision 1
