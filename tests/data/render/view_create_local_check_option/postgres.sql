CREATE VIEW "adults" WITH (check_option = local) AS
SELECT id, email FROM users WHERE age >= 18;
