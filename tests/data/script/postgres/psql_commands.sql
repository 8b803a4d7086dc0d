CREATE TABLE t (id int);
  \set ON_ERROR_STOP on
SELECT 1;
