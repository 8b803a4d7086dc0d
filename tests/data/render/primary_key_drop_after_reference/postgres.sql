ALTER TABLE "posts" DROP CONSTRAINT "posts_user";
ALTER TABLE "users" DROP CONSTRAINT "users_pkey";
