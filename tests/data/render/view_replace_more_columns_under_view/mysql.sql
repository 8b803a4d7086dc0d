CREATE OR REPLACE VIEW `adults` AS SELECT id, email, age FROM users WHERE age >= 21;
