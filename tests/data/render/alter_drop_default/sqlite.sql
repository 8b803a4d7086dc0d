CREATE TABLE "dunlin_new_users" (
  "id" INTEGER NOT NULL,
  "age" INTEGER NOT NULL,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
INSERT OR ABORT INTO "dunlin_new_users" ("id", "age") SELECT "users"."id", "users"."age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
