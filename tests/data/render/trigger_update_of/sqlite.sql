DROP TRIGGER "keep_log";
CREATE TRIGGER "keep_log" AFTER UPDATE OF "email" ON "users" FOR EACH ROW
BEGIN
  INSERT INTO log (what) VALUES (NEW.email);
END;
