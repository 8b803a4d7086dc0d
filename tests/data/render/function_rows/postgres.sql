ALTER FUNCTION "numbers"(integer) ROWS 10;
