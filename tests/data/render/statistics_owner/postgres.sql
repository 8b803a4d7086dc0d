ALTER STATISTICS "users_stats" OWNER TO "app";
