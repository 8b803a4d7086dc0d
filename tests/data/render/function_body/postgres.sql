CREATE OR REPLACE FUNCTION "twice"("n" integer) RETURNS integer
LANGUAGE "sql" IMMUTABLE
AS $$SELECT n + n$$;
