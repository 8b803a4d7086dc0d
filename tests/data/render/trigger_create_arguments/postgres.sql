CREATE TRIGGER "keep_log" AFTER INSERT ON "users" FOR EACH ROW EXECUTE FUNCTION "write_log"('it''s', E'back\\slash', '', '7');
