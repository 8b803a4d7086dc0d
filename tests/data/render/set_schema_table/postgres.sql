ALTER TABLE "users" SET SCHEMA "dunlin_case_other";
