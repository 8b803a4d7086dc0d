ALTER SCHEMA "dunlin_case_audit" RENAME TO "dunlin_case_history";
