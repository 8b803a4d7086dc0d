CREATE TABLE "dunlin_new_t" (
  "id" INTEGER NOT NULL,
  "a" INTEGER
);
INSERT OR ABORT INTO "dunlin_new_t" (rowid, "id", "a") SELECT rowid, "t"."id", "t"."a" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
