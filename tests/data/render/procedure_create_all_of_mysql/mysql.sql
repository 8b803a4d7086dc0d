CREATE PROCEDURE `sweep`(IN `least` int, OUT `rest` bigint) MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT 'Cleans'
BEGIN
  DELETE FROM users WHERE age > least;
  SELECT count(*) INTO rest FROM users;
END;
GRANT EXECUTE ON PROCEDURE `sweep` TO 'app'@'localhost';
