CREATE UNIQUE INDEX CONCURRENTLY "users_by_email" ON "users" ("email");
ALTER TABLE "users" ADD CONSTRAINT "users_email_key" UNIQUE USING INDEX "users_by_email";
