DROP FUNCTION `twice`;
CREATE FUNCTION `twice`(`n` int) RETURNS int
RETURN n * 2;
