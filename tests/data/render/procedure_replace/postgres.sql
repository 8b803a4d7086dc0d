CREATE OR REPLACE PROCEDURE "archive"("least" integer)
LANGUAGE "sql"
AS $$DELETE FROM users WHERE age >= least$$;
