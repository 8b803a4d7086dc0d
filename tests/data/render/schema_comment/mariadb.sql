ALTER DATABASE `dunlin_case_audit` COMMENT 'It''s who did what';
