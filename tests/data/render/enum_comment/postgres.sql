COMMENT ON TYPE "mood" IS 'It''s how one feels';
