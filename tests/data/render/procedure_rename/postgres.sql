ALTER PROCEDURE "archive"(IN integer) RENAME TO "forget";
