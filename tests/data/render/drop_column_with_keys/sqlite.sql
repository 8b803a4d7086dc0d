CREATE TABLE "dunlin_new_posts" (
  "id" INTEGER NOT NULL,
  "title" VARCHAR(100),
  CONSTRAINT "posts_pkey" PRIMARY KEY ("id")
);
INSERT OR ABORT INTO "dunlin_new_posts" ("id", "title") SELECT "posts"."id", "posts"."title" FROM "posts";
DROP TABLE "posts";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_posts" RENAME TO "posts";
PRAGMA legacy_alter_table = OFF;
