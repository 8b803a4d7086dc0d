CREATE COLLATION "german" (provider = 'icu', locale = 'de-DE');
CREATE TABLE "words" (
  "id" bigint NOT NULL,
  "word" text COLLATE "german",
  CONSTRAINT "words_pkey" PRIMARY KEY ("id")
);
