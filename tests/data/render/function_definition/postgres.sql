DROP FUNCTION "twice"(integer);
CREATE FUNCTION "twice"("m" integer) RETURNS bigint
LANGUAGE "sql" IMMUTABLE
AS $$SELECT m::bigint$$;
