CREATE TABLE "dunlin_new_users" (
  "id" INTEGER NOT NULL,
  "email" VARCHAR(255) NOT NULL,
  "age" INTEGER AS (id + 1) STORED,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
INSERT OR ABORT INTO "dunlin_new_users" ("id", "email") SELECT "users"."id", "users"."email" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
