DROP TRIGGER "b_when" ON "users";
DROP TRIGGER "a_of" ON "users";
ALTER TABLE "users" ALTER COLUMN "email" TYPE text;
CREATE TRIGGER "a_of" AFTER UPDATE OF "email", "age" ON "users" FOR EACH ROW EXECUTE FUNCTION "write_log"();
ALTER TABLE "users" DISABLE TRIGGER "a_of";
COMMENT ON TRIGGER "a_of" ON "users" IS 'Writes it down';
CREATE TRIGGER "b_when" AFTER UPDATE ON "users" FOR EACH ROW WHEN ((new.email)::text <> (old.email)::text) EXECUTE FUNCTION "write_log"();
