ALTER TABLE "first" RENAME TO "second";
DROP TABLE "second";
