CREATE VIEW "adults" WITH (security_barrier = true) AS
SELECT id, email FROM users WHERE age >= 18;
