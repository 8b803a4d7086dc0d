ALTER FUNCTION "touch"() RENAME TO "tidy_up";
