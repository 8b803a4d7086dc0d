ALTER TABLE "posts"
  DROP CONSTRAINT "words_positive",
  ADD CONSTRAINT "words_positive" CHECK (words >= 0) NO INHERIT;
