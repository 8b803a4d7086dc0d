ALTER FUNCTION "twice"(integer) STRICT;
