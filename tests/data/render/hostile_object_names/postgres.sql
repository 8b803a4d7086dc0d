CREATE VIEW "we""ird `v` 'x';--" AS
SELECT id FROM users;
ALTER VIEW "we""ird `v` 'x';--" RENAME TO "o'ther\ ""one""";
CREATE TRIGGER "we""ird `v` 'x';--" AFTER INSERT ON "users" FOR EACH ROW EXECUTE FUNCTION "write_log"();
CREATE TYPE "we""ird `v` 'x';--" AS ENUM ('it''s', E'b\\s', '"q"', ';--', '');
CREATE DOMAIN "d""we""ird `v` 'x';--" AS integer CONSTRAINT "we""ird `v` 'x';--" CHECK (VALUE > 0);
COMMENT ON DOMAIN "d""we""ird `v` 'x';--" IS 'we"ird `v` ''x'';--';
CREATE SEQUENCE "s""we""ird `v` 'x';--";
COMMENT ON SEQUENCE "s""we""ird `v` 'x';--" IS 'we"ird `v` ''x'';--';
CREATE FUNCTION "we""ird `v` 'x';--"("we""ird `v` 'x';--" integer) RETURNS integer
LANGUAGE "sql"
AS $$SELECT 1$$;
COMMENT ON FUNCTION "we""ird `v` 'x';--"(integer) IS 'we"ird `v` ''x'';--';
CREATE POLICY "we""ird `v` 'x';--" ON "users" USING (true);
COMMENT ON POLICY "we""ird `v` 'x';--" ON "users" IS 'we"ird `v` ''x'';--';
CREATE RULE "we""ird `v` 'x';--" AS ON INSERT TO "users" DO ALSO NOTHING;
COMMENT ON RULE "we""ird `v` 'x';--" ON "users" IS 'we"ird `v` ''x'';--';
CREATE STATISTICS "stwe""ird `v` 'x';--" ON "age", "email" FROM "users";
COMMENT ON STATISTICS "stwe""ird `v` 'x';--" IS 'we"ird `v` ''x'';--';
CREATE PUBLICATION "we""ird `v` 'x';--" FOR TABLE "users";
COMMENT ON PUBLICATION "we""ird `v` 'x';--" IS 'we"ird `v` ''x'';--';
CREATE TYPE "cwe""ird `v` 'x';--" AS ("we""ird `v` 'x';--" integer);
CREATE SCHEMA "nwe""ird `v` 'x';--";
COMMENT ON SCHEMA "nwe""ird `v` 'x';--" IS 'we"ird `v` ''x'';--';
CREATE COLLATION "kwe""ird `v` 'x';--" (locale = 'C');
COMMENT ON COLLATION "kwe""ird `v` 'x';--" IS 'we"ird `v` ''x'';--';
