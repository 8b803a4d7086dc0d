ALTER TABLE "stay" RENAME CONSTRAINT "no_overlap" TO "one at a time";
