COMMENT ON VIEW "adults" IS 'It''s those of age';
