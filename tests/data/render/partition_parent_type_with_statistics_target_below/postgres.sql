ALTER TABLE "events" ALTER COLUMN "what" TYPE varchar(300);
-- can't undo alter type of column events.what: Dunlin can't bring back what it has over: table events_1 below it that has a statistics object with a target of its own on column what; write a down
-- as a script: whether and how table events is there isn't known behind the SQL of revision 1
