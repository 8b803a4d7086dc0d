SELECT 1;

SELECT 1 AS a, '\n' \gset
SELECT 2;
