ALTER EVENT `clean_up` ENABLE COMMENT 'It''s forgotten';
