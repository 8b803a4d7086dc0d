/* comments don't /* nest here */ CREATE TABLE c (id INTEGER);
-- a statement's; inner comments stay
SELECT 1 -- one;
  , 2 /* two; */ , 3--three;
;
SELECT 5--1
;
SELECT 7 - -1; -- it's the last;
-- don't
