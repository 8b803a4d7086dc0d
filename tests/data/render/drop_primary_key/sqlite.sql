CREATE TABLE "dunlin_new_t" (
  "a" INTEGER NOT NULL,
  "b" INTEGER NOT NULL
);
INSERT OR ABORT INTO "dunlin_new_t" (rowid, "a", "b") SELECT rowid, "t"."a", "t"."b" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
