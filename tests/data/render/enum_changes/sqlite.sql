CREATE TABLE "dunlin_new_t" (
  "id" INTEGER NOT NULL,
  "status" TEXT NOT NULL,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "t_status_check" CHECK ("status" IN ('draft', 'live', 'gone'))
);
INSERT OR ABORT INTO "dunlin_new_t" ("id", "status") SELECT "t"."id", "t"."status" FROM "t";
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
