DROP TABLE "events_2024";
DROP TABLE "events";
