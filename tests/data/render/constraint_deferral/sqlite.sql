CREATE TABLE "dunlin_new_posts" (
  "id" INTEGER NOT NULL,
  "user_id" INTEGER,
  "words" INTEGER,
  CONSTRAINT "posts_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "posts_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") DEFERRABLE INITIALLY DEFERRED
);
INSERT OR ABORT INTO "dunlin_new_posts" ("id", "user_id", "words") SELECT "posts"."id", "posts"."user_id", "posts"."words" FROM "posts";
DROP TABLE "posts";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_posts" RENAME TO "posts";
PRAGMA legacy_alter_table = OFF;
