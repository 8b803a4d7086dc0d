ALTER FUNCTION "twice"(integer) SET search_path TO 'public', 'odd one' SET work_mem TO '8MB';
