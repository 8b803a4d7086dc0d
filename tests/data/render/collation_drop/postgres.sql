DROP COLLATION "caseless";
