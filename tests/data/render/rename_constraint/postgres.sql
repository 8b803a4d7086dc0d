ALTER TABLE "users" RENAME CONSTRAINT "users_email_key" TO "unique_email";
ALTER TABLE "users" RENAME CONSTRAINT "users_age" TO "grown_up";
ALTER TABLE "posts" RENAME CONSTRAINT "posts_user" TO "author";
