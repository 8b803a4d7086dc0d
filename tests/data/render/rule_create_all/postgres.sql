CREATE RULE "log_it" AS ON UPDATE TO "users" WHERE NEW.email <> OLD.email DO ALSO INSERT INTO log (what) VALUES (NEW.email);
COMMENT ON RULE "log_it" ON "users" IS 'It''s logged';
