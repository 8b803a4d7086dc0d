DROP VIEW "adults";
CREATE VIEW "adults" AS
SELECT id FROM users;
COMMENT ON VIEW "adults" IS 'Of age';
GRANT SELECT ON TABLE "adults" TO "app";
