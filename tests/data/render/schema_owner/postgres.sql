ALTER SCHEMA "dunlin_case_audit" OWNER TO "app";
