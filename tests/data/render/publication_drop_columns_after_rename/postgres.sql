ALTER TABLE "users" RENAME COLUMN "email" TO "mail";
DROP PUBLICATION "news";
