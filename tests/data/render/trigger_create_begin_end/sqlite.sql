CREATE TRIGGER "keep_log" BEFORE UPDATE ON "users" FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'too old; really') WHERE NEW.age > 150;
  INSERT INTO log (what) VALUES (OLD.email || ' -> ' || NEW.email);
END;
