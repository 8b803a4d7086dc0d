DROP PROCEDURE `archive`;
CREATE PROCEDURE `forget`(IN `least` int(11))
DELETE FROM users WHERE age > least;
