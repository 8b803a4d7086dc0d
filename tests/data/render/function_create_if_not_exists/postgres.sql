CREATE FUNCTION "thrice"("n" integer) RETURNS integer
LANGUAGE "sql" IMMUTABLE
AS $$SELECT n * 3$$;
