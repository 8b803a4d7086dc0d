CREATE OR REPLACE VIEW `adults` AS SELECT email, age FROM users;
