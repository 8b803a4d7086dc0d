CREATE FUNCTION "people"("least" integer) RETURNS TABLE ("id" bigint, "email" text)
LANGUAGE "sql" STABLE ROWS 20
AS $$SELECT id, email FROM users WHERE age >= least$$;
