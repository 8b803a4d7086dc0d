ALTER TABLE "users" SET TABLESPACE "pg_default";
