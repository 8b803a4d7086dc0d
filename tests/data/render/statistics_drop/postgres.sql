DROP STATISTICS "users_stats";
