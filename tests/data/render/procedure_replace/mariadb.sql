CREATE OR REPLACE PROCEDURE `archive`(IN `least` int(11))
DELETE FROM users WHERE age >= least;
