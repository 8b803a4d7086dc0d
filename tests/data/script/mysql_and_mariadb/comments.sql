# a comment; with a semicolon
CREATE TABLE c (id INT); # it's behind; code
--	tab counts; as a blank
--
SELECT 5--1;
SELECT 6 -- 7;
; SELECT 8 /* ; ' */ ; /* /* no nesting */ SELECT 9;
SELECT /*+ MAX_EXECUTION_TIME(1000) */ '#;' # "
;
SELECT 1--
;
