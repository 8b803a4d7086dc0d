REVOKE CREATE ON SCHEMA "dunlin_case_audit" FROM "app";
