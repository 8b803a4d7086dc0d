CREATE TRIGGER "keep_log" AFTER INSERT ON "users" FOR EACH ROW EXECUTE FUNCTION "write_log"();
ALTER TABLE "users" DISABLE TRIGGER "keep_log";
COMMENT ON TRIGGER "keep_log" ON "users" IS 'Off for now';
