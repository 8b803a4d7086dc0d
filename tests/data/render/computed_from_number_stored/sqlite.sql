CREATE TABLE "dunlin_new_t" (
  "id" INTEGER CONSTRAINT "t_pkey" PRIMARY KEY AUTOINCREMENT NOT NULL,
  "a" INTEGER,
  "next" INTEGER AS (id + 1) STORED
);
INSERT OR ABORT INTO "dunlin_new_t" ("id", "a") SELECT "t"."id", "t"."a" FROM "t";
DELETE FROM "sqlite_sequence" WHERE name = 'dunlin_new_t';
INSERT INTO "sqlite_sequence" (name, seq) SELECT 'dunlin_new_t', seq FROM "sqlite_sequence" WHERE name = 't';
DROP TABLE "t";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
