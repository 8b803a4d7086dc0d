CREATE SCHEMA IF NOT EXISTS "dunlin_case_other";
