DROP DOMAIN "positive";
CREATE DOMAIN "positive" AS integer CONSTRAINT "positive_check" CHECK (VALUE > 1);
COMMENT ON DOMAIN "positive" IS 'x';
GRANT USAGE ON DOMAIN "positive" TO "app";
