CREATE OR REPLACE PROCEDURE "archive"("least" integer)
LANGUAGE "sql" SECURITY DEFINER
AS $$DELETE FROM users WHERE age >= least$$;
