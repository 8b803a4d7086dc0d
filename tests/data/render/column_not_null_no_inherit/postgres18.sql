ALTER TABLE "users" ALTER CONSTRAINT "users_email_not_null" NO INHERIT;
