DROP PROCEDURE `archive`;
CREATE DEFINER=`app` PROCEDURE `archive`(IN `least` int)
DELETE FROM users WHERE age > least;
