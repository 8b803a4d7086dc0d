ALTER FUNCTION "touch"() RENAME TO "tidy_up";
-- as a script: can't rename function touch() to tidy_up without a look at the database: trigger tidy on users may stand on it, and its catalog alone tells how
