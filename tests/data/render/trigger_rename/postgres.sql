ALTER TRIGGER "keep_log" ON "users" RENAME TO "write log";
