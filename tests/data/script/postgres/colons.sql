-- What looks like a variable of psql's, and is none.
SELECT 1::text, '{1,2,3}'::int[], (ARRAY[1, 2, 3])[1:2], ':a', $$:b$$; -- :c
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN n:=n * 2; RETURN n; END $$;
SELECT twice(n := 2), (ARRAY[1, 2, 3])[twice(1):twice(1)], (ARRAY[1, 2, 3])[1 :twice(1)];
