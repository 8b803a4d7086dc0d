CREATE PROCEDURE "count_up"(INOUT "n" integer)
LANGUAGE "sql"
AS $$SELECT n + 1$$;
