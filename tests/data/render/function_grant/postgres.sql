GRANT EXECUTE ON FUNCTION "twice"(integer) TO "app";
