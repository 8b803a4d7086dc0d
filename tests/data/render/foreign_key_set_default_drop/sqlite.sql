CREATE TABLE "dunlin_new_tasks" (
  "id" INTEGER NOT NULL,
  "author" INTEGER DEFAULT 1,
  CONSTRAINT "tasks_pkey" PRIMARY KEY ("id")
);
INSERT OR ABORT INTO "dunlin_new_tasks" ("id", "author") SELECT "tasks"."id", "tasks"."author" FROM "tasks";
DROP TABLE "tasks";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_tasks" RENAME TO "tasks";
PRAGMA legacy_alter_table = OFF;
