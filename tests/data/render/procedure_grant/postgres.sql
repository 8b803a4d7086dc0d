GRANT EXECUTE ON PROCEDURE "archive"(IN integer) TO "app";
