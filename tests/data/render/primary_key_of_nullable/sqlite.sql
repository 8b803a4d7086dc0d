CREATE TABLE "dunlin_new_t" (
  "id" INTEGER NOT NULL,
  "a" INTEGER,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
INSERT OR ABORT INTO "dunlin_new_t" ("id", "a") SELECT "t"."id", "t"."a" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
