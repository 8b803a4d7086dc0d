DROP PROCEDURE "archive"(IN integer);
