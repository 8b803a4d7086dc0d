CREATE SCHEMA "dunlin_case_audit";
COMMENT ON SCHEMA "dunlin_case_audit" IS 'Who did what';
