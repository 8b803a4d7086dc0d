CREATE VIEW "we""ird `v` 'x';--" AS SELECT id FROM users;
DROP VIEW "we""ird `v` 'x';--";
CREATE VIEW "o'ther\ ""one""" AS SELECT id FROM users;
CREATE TRIGGER "we""ird `v` 'x';--" AFTER INSERT ON "users" FOR EACH ROW
BEGIN
  INSERT INTO log (what) VALUES (NEW.email);
END;
