ALTER PROCEDURE "archive"(IN integer) SET SCHEMA "dunlin_case_other";
