ALTER TABLE "posts" VALIDATE CONSTRAINT "words_positive";
ALTER TABLE "posts" VALIDATE CONSTRAINT "posts_user";
