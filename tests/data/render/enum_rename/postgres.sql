ALTER TYPE "mood" RENAME TO "feeling";
-- as a script: can't rename enum mood to feeling without a look at the database: table person may stand on it, and its catalog alone tells how
