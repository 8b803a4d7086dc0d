DROP VIEW "adults";
CREATE VIEW "adults" AS SELECT id, email, age FROM users WHERE age >= 21;
