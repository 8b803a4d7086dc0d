CREATE FUNCTION "halves"("n" integer, OUT "first" integer, OUT "second" integer)
LANGUAGE "sql"
AS $$SELECT n / 2, n - n / 2$$;
