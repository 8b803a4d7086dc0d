ALTER FUNCTION "twice"(integer) RENAME TO "doubled";
