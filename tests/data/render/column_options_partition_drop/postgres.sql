DROP TABLE "events_a";
DROP TABLE "events";
-- as a script: whether and how table events is there isn't known behind the SQL of revision 1
