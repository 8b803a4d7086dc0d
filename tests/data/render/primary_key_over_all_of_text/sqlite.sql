CREATE TABLE "dunlin_new_t" (
  "a" TEXT NOT NULL,
  CONSTRAINT "t_pkey" PRIMARY KEY ("a")
);
INSERT OR ABORT INTO "dunlin_new_t" (rowid, "a") SELECT rowid, "t"."a" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
