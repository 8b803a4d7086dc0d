ALTER DOMAIN "positive" SET SCHEMA "audit";
