ALTER COLLATION "german" RENAME TO "deutsch";
ALTER TABLE "words" ALTER COLUMN "word" TYPE varchar(30) COLLATE "deutsch";
DROP INDEX "words_word";
DROP DOMAIN "word";
