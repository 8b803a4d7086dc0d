ALTER PROCEDURE "archive"(IN integer) SET work_mem TO '8MB';
