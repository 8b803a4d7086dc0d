CREATE STATISTICS "users_stats" ON "age", "email" FROM "users";
