DROP INDEX "words_word";
