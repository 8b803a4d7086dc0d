ALTER STATISTICS "users_stats" SET SCHEMA "audit";
