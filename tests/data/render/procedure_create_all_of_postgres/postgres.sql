CREATE PROCEDURE "sweep"("why" text DEFAULT ('it''s time'::text))
LANGUAGE "plpgsql"
AS $$BEGIN
  COMMIT;
END$$;
COMMENT ON PROCEDURE "sweep"(IN text) IS 'Cleans';
REVOKE EXECUTE ON PROCEDURE "sweep"(IN text) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE "sweep"(IN text) TO "app";
CREATE PROCEDURE "guarded"()
LANGUAGE "sql" SECURITY DEFINER
SET search_path TO 'pg_catalog'
AS $$SELECT 1$$;
