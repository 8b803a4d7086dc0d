CREATE VIEW "adults" WITH (check_option = local, security_barrier = true, security_invoker = true) AS
SELECT id, email FROM users WHERE age >= 18;
ALTER VIEW "adults" ALTER COLUMN "email" SET DEFAULT 'nobody@example.org';
COMMENT ON COLUMN "adults"."email" IS 'It''s where to write';
COMMENT ON VIEW "adults" IS 'Those of age';
GRANT SELECT, UPDATE ("email") ON TABLE "adults" TO "app";
