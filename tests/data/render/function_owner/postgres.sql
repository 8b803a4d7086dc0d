ALTER FUNCTION "twice"(integer) OWNER TO "app";
