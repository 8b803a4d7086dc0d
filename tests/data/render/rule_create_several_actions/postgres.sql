CREATE RULE "log_it" AS ON INSERT TO "users" DO ALSO (INSERT INTO log (what) VALUES (NEW.email); NOTIFY news);
