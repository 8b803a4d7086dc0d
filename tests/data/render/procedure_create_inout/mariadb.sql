CREATE PROCEDURE `count_up`(INOUT `n` int(11))
SET n = n + 1;
