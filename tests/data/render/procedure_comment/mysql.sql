ALTER PROCEDURE `archive` COMMENT 'Forgets';
