ALTER TYPE "mood" ADD VALUE 'meh' AFTER 'sad';
ALTER TYPE "mood" RENAME VALUE 'meh' TO 'so so';
-- as a script: can't alter values of enum mood without a look at the database: table person may stand on it, and its catalog alone tells how
