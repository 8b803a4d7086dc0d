CREATE VIEW "adults" WITH (security_invoker = true) AS
SELECT id, email FROM users WHERE age >= 18;
