CREATE FUNCTION js_add(a INT, b INT) RETURNS INT DETERMINISTIC LANGUAGE JAVASCRIPT AS $js$
  // it's a comment; with $$ in it
  let sum = a + b; return sum;
$js$;
SELECT 1
