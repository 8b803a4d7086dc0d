ALTER TABLE "users"
  ADD CONSTRAINT "users_email_not_null" NOT NULL "email" NOT VALID,
  ADD CONSTRAINT "users_age_not_null" NOT NULL "age" NOT VALID,
  VALIDATE CONSTRAINT "users_age_not_null";
