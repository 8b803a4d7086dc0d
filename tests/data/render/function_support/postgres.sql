ALTER FUNCTION "twice"(integer) SUPPORT "pg_catalog"."generate_series_int4_support";
