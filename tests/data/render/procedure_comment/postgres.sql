COMMENT ON PROCEDURE "archive"(IN integer) IS 'Forgets';
