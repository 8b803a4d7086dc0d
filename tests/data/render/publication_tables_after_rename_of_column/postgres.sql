ALTER TABLE "users" RENAME COLUMN "email" TO "mail";
ALTER PUBLICATION "news" DROP TABLE "users";
