CREATE TABLE "book" (
  "pages" integer
) INHERITS ("thing");
