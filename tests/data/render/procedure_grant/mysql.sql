GRANT EXECUTE ON PROCEDURE `archive` TO 'app'@'%';
