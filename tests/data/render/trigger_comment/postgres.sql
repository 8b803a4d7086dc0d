COMMENT ON TRIGGER "keep_log" ON "users" IS 'Logs';
