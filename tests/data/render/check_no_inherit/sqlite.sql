CREATE TABLE "dunlin_new_posts" (
  "id" INTEGER NOT NULL,
  "user_id" INTEGER,
  "words" INTEGER,
  CONSTRAINT "posts_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "words_positive" CHECK (words >= 0)
);
INSERT INTO "dunlin_new_posts" ("id", "user_id", "words") SELECT "posts"."id", "posts"."user_id", "posts"."words" FROM "posts";
DROP TABLE "posts";
ALTER TABLE "dunlin_new_posts" RENAME TO "posts";
