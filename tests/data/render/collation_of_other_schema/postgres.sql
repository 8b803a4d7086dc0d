DROP TABLE "words";
DROP DOMAIN "word";
