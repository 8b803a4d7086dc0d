ALTER FUNCTION "twice"(integer) COST 5;
