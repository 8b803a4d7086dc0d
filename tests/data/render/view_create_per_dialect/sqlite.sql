CREATE VIEW "adults" AS SELECT id, email LIKE '%@example.org' AS own FROM users;
