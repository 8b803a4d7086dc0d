CREATE TABLE "dunlin_new_users" (
  "id" INTEGER CONSTRAINT "users_pkey" PRIMARY KEY AUTOINCREMENT NOT NULL,
  "age" INTEGER
);
INSERT OR ABORT INTO "dunlin_new_users" ("id", "age") SELECT "users"."id", "users"."age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
