CREATE TABLE "dunlin_new_users" (
  "id" INTEGER NOT NULL,
  "email" VARCHAR(255) NOT NULL COLLATE "NOCASE",
  "age" INTEGER,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
INSERT OR ABORT INTO "dunlin_new_users" ("id", "email", "age") SELECT "users"."id", "users"."email", "users"."age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
