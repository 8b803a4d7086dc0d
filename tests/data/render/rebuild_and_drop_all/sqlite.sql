CREATE TABLE "dunlin_new_users" (
  "id" INTEGER NOT NULL,
  "email" VARCHAR(100),
  "age" INTEGER,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
INSERT INTO "dunlin_new_users" ("id", "email", "age") SELECT "users"."id", "users"."email", "users"."age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
DROP VIEW "people";
DROP TABLE "users";
-- as a script: can't alter not null of column users.email without a look at the database: view people may stand on it, and its catalog alone tells how
