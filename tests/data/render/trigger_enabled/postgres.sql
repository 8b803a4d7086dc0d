ALTER TABLE "users" DISABLE TRIGGER "keep_log";
