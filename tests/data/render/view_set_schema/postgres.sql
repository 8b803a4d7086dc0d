ALTER VIEW "adults" SET SCHEMA "dunlin_case_other";
