COMMENT ON CONSTRAINT "users_pkey" ON "users" IS NULL;
