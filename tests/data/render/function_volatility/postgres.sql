ALTER FUNCTION "twice"(integer) VOLATILE;
