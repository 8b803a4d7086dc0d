DROP STATISTICS "people";
CREATE STATISTICS "people" (ndistinct, dependencies) ON "age", "email" FROM "users";
ALTER STATISTICS "people" SET STATISTICS 70;
COMMENT ON STATISTICS "people" IS 'who is how old';
