DROP VIEW "adults";
CREATE VIEW "adults" AS
SELECT email, age FROM users;
