CREATE TABLE "dunlin_new_users" (
  "id" INTEGER NOT NULL,
  "email" VARCHAR(255) NOT NULL,
  "age" INTEGER NOT NULL,
  "word" TEXT NOT NULL
);
INSERT OR ABORT INTO "dunlin_new_users" (rowid, "id", "email", "age") SELECT rowid, "users"."id", "users"."email", "users"."age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
