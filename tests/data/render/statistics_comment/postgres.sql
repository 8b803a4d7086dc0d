COMMENT ON STATISTICS "users_stats" IS 'Counted';
