COMMENT ON DOMAIN "positive" IS 'Counts';
