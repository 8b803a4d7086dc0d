ALTER TABLE "users" ADD CONSTRAINT "users_id_key" UNIQUE USING INDEX "users_by_id";
