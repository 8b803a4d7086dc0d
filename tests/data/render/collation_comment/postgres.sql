COMMENT ON COLLATION "german" IS 'German';
