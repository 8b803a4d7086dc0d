CREATE FUNCTION "twice"("n" integer) RETURNS integer
LANGUAGE "sql" IMMUTABLE
AS $$SELECT n * 2$$;
