DROP FUNCTION "twice"(integer);
CREATE FUNCTION "twice"("n" integer) RETURNS bigint
LANGUAGE "sql" IMMUTABLE
AS $$SELECT n * 2$$;
COMMENT ON FUNCTION "twice"(integer) IS 'Doubled';
