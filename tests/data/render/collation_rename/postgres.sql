ALTER COLLATION "german" RENAME TO "deutsch";
