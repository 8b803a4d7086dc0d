CREATE SCHEMA "dunlin_case_audit";
