ALTER TABLE "users" VALIDATE CONSTRAINT "users_email_not_null";
ALTER TABLE "users"
  DROP COLUMN "age",
  ADD COLUMN "nick" varchar(20),
  ADD CONSTRAINT "users_nick_not_null" NOT NULL "nick" NOT VALID;
