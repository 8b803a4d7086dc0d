ALTER FUNCTION "twice"(integer) SET SCHEMA "dunlin_case_other";
