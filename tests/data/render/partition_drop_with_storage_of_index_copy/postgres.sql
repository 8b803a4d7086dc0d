DROP TABLE "events_1";
-- can't undo drop table events_1: it has index events_1_what_idx that is its parent's and has storage parameters of its own, which Dunlin can't bring back; write a down
-- as a script: whether and how table events_1 is there isn't known behind the SQL of revision 1
