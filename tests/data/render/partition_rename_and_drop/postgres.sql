ALTER TABLE "events_2024" RENAME TO "events_of_2024";
DROP TABLE "events_of_2024";
