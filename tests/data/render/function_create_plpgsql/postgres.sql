CREATE FUNCTION "shout"("what" text) RETURNS text
LANGUAGE "plpgsql" STABLE LEAKPROOF STRICT SECURITY DEFINER PARALLEL SAFE COST 50
SET search_path TO 'pg_catalog', 'pg_temp'
SET work_mem TO '8MB'
AS $$BEGIN
  RETURN upper(what) || '!';
END$$;
COMMENT ON FUNCTION "shout"(text) IS 'Louder';
REVOKE EXECUTE ON FUNCTION "shout"(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "shout"(text) TO "app";
