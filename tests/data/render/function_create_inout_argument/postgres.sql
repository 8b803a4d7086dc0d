CREATE FUNCTION "more"(INOUT "n" integer)
LANGUAGE "sql"
AS $$SELECT n + 1$$;
