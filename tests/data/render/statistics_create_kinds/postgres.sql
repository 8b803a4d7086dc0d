CREATE STATISTICS "users_stats" (ndistinct, mcv) ON "age", "email" FROM "users";
ALTER STATISTICS "users_stats" SET STATISTICS 200;
COMMENT ON STATISTICS "users_stats" IS 'It''s counted';
