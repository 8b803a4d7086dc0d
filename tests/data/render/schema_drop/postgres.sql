DROP SCHEMA "dunlin_case_audit";
