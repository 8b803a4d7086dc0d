CREATE VIEW "adults" WITH (check_option = cascaded) AS
SELECT id, email FROM users WHERE age >= 18;
