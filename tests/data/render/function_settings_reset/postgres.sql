ALTER FUNCTION "twice"(integer) RESET search_path SET work_mem TO '16MB';
