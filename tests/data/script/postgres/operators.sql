SELECT (ARRAY[1, 2])[1:2], '{"a;": [1]}'::jsonb -> 'a;', 1::int, 'a' || 'b';
SELECT '[1,2)'::int4range @> 1, 'abc' ~ '^a;?';
SELECT 10 % 3, |/ 4.0, 2 ^ 3, 1 <> 2;
