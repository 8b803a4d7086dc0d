DROP COLLATION "german";
CREATE COLLATION "german" (provider = 'icu', locale = 'de-AT');
COMMENT ON COLLATION "german" IS 'x';
