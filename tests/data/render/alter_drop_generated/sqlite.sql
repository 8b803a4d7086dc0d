CREATE TABLE "dunlin_new_t" (
  "id" INTEGER NOT NULL,
  "a" INTEGER,
  "s" INTEGER,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
INSERT OR ABORT INTO "dunlin_new_t" ("id", "a", "s") SELECT "t"."id", "t"."a", "t"."s" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
