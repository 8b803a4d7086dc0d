ALTER TABLE "thing" DROP COLUMN "name";
-- can't undo drop column thing.name: table book below it that has a statistics object of its own on column name may go with it, which Dunlin can't bring back; write a down
-- as a script: whether and how table thing is there isn't known behind the SQL of revision 1
