CREATE VIEW "adults" AS
SELECT id, email ILIKE '%@example.org' AS own FROM users;
