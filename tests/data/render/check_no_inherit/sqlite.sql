ALTER TABLE "posts" ADD CONSTRAINT "words_positive" CHECK (words >= 0);
