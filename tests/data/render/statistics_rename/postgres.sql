ALTER STATISTICS "users_stats" RENAME TO "users counted";
