DROP STATISTICS "places";
CREATE STATISTICS "places" ON "age", "id" FROM "users";
COMMENT ON STATISTICS "places" IS 'x';
