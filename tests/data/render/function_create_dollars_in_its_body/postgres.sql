CREATE FUNCTION "price"() RETURNS text
LANGUAGE "plpgsql"
AS $body2$BEGIN RETURN '$$' || $body$x$body$ || '$dunlin$'; END$body2$;
