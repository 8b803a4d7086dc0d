DROP PROCEDURE `archive`;
CREATE PROCEDURE `archive`(IN `least` int)
DELETE FROM users WHERE age >= least;
