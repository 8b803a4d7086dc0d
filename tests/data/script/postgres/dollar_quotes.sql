CREATE TABLE t (a$b$c int, d text DEFAULT $$a;b$$);
CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $body$
DECLARE q text := $q$it's; $$ inside$q$;
BEGIN
  -- don't; stop
  IF q <> '' THEN RETURN q || ';'; END IF;
  RETURN $$;$$;
END;
$body$; CREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS $_1$ SELECT $1; $_1$;
CREATE FUNCTION h(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2; -- it''s';
SELECT $é$;$é$, a$b$c FROM t;
PREPARE p (int, int) AS SELECT $1+$2;
EXECUTE p (1, 2);
DEALLOCATE p;
