ALTER PROCEDURE "archive"(IN integer) OWNER TO "app";
