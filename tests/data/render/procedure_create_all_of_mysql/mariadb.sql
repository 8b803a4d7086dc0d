CREATE PROCEDURE `sweep`(IN `least` int(11), OUT `rest` bigint(20)) MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT 'Cleans'
BEGIN
  DELETE FROM users WHERE age > least;
  SELECT count(*) INTO rest FROM users;
END;
GRANT EXECUTE ON PROCEDURE `sweep` TO 'app'@'localhost';
