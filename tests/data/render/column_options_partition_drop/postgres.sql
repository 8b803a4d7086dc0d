DROP TABLE "events_a";
DROP TABLE "events";
