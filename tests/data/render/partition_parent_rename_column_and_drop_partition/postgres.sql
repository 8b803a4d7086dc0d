ALTER TABLE "events" RENAME COLUMN "note" TO "remark";
DROP TABLE "events_a";
