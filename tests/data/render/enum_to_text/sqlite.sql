CREATE TABLE "dunlin_new_t" (
  "id" INTEGER NOT NULL,
  "status" VARCHAR(20) NOT NULL,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
INSERT OR ABORT INTO "dunlin_new_t" ("id", "status") SELECT "t"."id", "t"."status" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
