ALTER INDEX "users_bio" SET TABLESPACE "pg_default";
