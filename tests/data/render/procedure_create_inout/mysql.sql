CREATE PROCEDURE `count_up`(INOUT `n` int)
SET n = n + 1;
