ALTER TABLE "events" ALTER COLUMN "what" SET STORAGE MAIN;
-- can't undo alter option of column events.what: Dunlin can't bring back what it has over: table events_a below it that has a storage of its own on column what; write a down
-- as a script: whether and how table events is there isn't known behind the SQL of revision 1
