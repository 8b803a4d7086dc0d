COMMENT ON SCHEMA "dunlin_case_audit" IS 'It''s who did what';
