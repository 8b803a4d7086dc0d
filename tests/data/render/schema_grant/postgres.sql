GRANT USAGE ON SCHEMA "dunlin_case_audit" TO "app";
