DROP TABLE "events_2024";
