DROP PROCEDURE `archive`;
CREATE PROCEDURE `forget`(IN `least` int)
DELETE FROM users WHERE age > least;
