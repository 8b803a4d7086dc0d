-- dunlin: id a
SELECT 1;
