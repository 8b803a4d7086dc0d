COMMENT ON INDEX "i" IS 'It''s by age';
