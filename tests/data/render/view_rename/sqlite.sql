DROP VIEW "adults";
CREATE VIEW "grown ups" AS SELECT id, email FROM users WHERE age >= 18;
