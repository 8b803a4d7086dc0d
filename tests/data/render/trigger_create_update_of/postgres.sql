CREATE TRIGGER "keep_log" AFTER INSERT OR UPDATE OF "email", "age" ON "users" FOR EACH ROW EXECUTE FUNCTION "write_log"();
