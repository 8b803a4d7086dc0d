SELECT 1 AS id INTO TEMP one;
SELECT 2 AS id INTO LOCAL TEMPORARY TABLE two;
WITH three AS (SELECT 3 AS id) SELECT * INTO TEMP TABLE three FROM three;
SELECT id INTO kept FROM one;
WITH x AS (SELECT set_config('search_path', '', false)) SELECT * FROM x;
CREATE TABLE public.temp (id int);
SET search_path = public;
WITH x AS (SELECT 4 AS id) INSERT INTO temp SELECT id FROM x;
