CREATE VIEW "adults" AS
SELECT DISTINCT ON (email) id, email FROM users ORDER BY email, id;
