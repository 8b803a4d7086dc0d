ALTER TABLE "events" DETACH PARTITION "events_1";
DROP TABLE "events_1";
