DROP VIEW "adults";
CREATE VIEW "grown_ups" AS SELECT id, email FROM users WHERE age >= 18;
