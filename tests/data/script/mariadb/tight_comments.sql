--no blank; the client takes it
---- nor here; either
SELECT 3--1, 4
--5;
--it's the last
