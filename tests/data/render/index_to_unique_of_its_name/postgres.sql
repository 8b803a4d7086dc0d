ALTER TABLE "users" ADD CONSTRAINT "users_by_email" UNIQUE USING INDEX "users_by_email";
