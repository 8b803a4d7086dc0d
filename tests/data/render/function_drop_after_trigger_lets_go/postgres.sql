CREATE OR REPLACE TRIGGER "keep_log" AFTER INSERT ON "users" FOR EACH ROW EXECUTE FUNCTION "log_it"();
DROP FUNCTION "write_log"();
-- as a script: can't drop function write_log without a look at the database: trigger keep_log on users may stand on it, and its catalog alone tells how
