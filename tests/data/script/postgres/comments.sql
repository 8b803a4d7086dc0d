/* outer /* inner; */ still; /* */ */ CREATE TABLE c (id int);
--no blank; needed
SELECT 1--1;
 + 1;
SELECT 2 /* ' */ ; SELECT 3 -- "
;
SELECT '/*', '--' /* ok */;
SELECT 4*/* four */1, @ -5, 6 # 3, 7 - -1;
/* don't */
