ALTER TABLE "heaped" SET ACCESS METHOD "piles";
DROP TABLE "piled";
