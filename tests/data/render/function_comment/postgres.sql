COMMENT ON FUNCTION "twice"(integer) IS 'It''s doubled';
