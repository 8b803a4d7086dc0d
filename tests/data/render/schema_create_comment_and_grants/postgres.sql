CREATE SCHEMA "dunlin_case_audit";
COMMENT ON SCHEMA "dunlin_case_audit" IS 'Who did what';
GRANT USAGE ON SCHEMA "dunlin_case_audit" TO "app";
GRANT CREATE ON SCHEMA "dunlin_case_audit" TO "app" WITH GRANT OPTION;
