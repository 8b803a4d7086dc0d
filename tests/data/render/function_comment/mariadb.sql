ALTER FUNCTION `twice` COMMENT 'It''s doubled';
