DROP TRIGGER "keep_log" ON "users";
CREATE TRIGGER "keep_log" AFTER INSERT ON "users" FOR EACH ROW EXECUTE FUNCTION "write_log"();
