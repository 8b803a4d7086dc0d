DROP TRIGGER "keep_log" ON "users";
