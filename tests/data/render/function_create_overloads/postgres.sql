CREATE FUNCTION "twice"("n" text) RETURNS text
LANGUAGE "sql"
AS $$SELECT n || n$$;
