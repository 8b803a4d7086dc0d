CREATE RULE "into_users" AS ON INSERT TO "adults" DO INSTEAD INSERT INTO users (id, email, age) VALUES (NEW.id, NEW.email, 18);
