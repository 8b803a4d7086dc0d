-- dunlin: id a
SELECT 2;
