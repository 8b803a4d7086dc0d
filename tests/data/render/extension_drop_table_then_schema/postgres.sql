DROP TABLE "users";
ALTER EXTENSION "citext" SET SCHEMA "audit";
