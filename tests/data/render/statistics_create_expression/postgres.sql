CREATE STATISTICS "users_stats" ON (lower(email)) FROM "users";
CREATE STATISTICS "more" (mcv) ON "age", (lower(email)) FROM "users";
