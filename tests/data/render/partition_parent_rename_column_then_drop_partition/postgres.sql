DROP TABLE "events_a";
