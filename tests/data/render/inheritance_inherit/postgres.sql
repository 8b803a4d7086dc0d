ALTER TABLE "book" INHERIT "thing";
