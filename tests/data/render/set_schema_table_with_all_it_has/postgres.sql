ALTER TABLE "users" SET SCHEMA "audit";
