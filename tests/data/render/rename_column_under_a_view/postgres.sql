ALTER TABLE "users" RENAME COLUMN "email" TO "mail";
-- as a script: can't rename column users.email to mail without a look at the database: view adults may stand on it, and its catalog alone tells how
