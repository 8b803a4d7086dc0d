CREATE TABLE "dunlin_new_posts" (
  "id" INTEGER NOT NULL,
  "user_id" INTEGER,
  "title" VARCHAR(100),
  CONSTRAINT "posts_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "posts_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE SET NULL
);
INSERT OR ABORT INTO "dunlin_new_posts" ("id", "user_id", "title") SELECT "posts"."id", "posts"."user_id", "posts"."title" FROM "posts";
DROP TABLE "posts";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_posts" RENAME TO "posts";
PRAGMA legacy_alter_table = OFF;
