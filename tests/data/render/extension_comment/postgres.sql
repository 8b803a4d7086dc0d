COMMENT ON EXTENSION "citext" IS 'Without case';
