ALTER SEQUENCE "orders" SET SCHEMA "dunlin_case_other";
