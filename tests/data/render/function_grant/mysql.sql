GRANT EXECUTE ON FUNCTION `twice` TO 'app'@'%';
