DROP STATISTICS "users_stats";
CREATE STATISTICS "users_stats" ON "age", "id" FROM "users";
