CREATE FUNCTION "sum_up"("first" integer DEFAULT 0, VARIADIC "rest" integer[] DEFAULT '{}') RETURNS integer
LANGUAGE "sql"
AS $$SELECT first + coalesce((SELECT sum(x) FROM unnest(rest) x), 0)::integer$$;
