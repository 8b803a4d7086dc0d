CREATE TABLE "types" (
  "tz" timetz,
  "iv" interval,
  "ar" integer[],
  "ar2" varchar(5)[],
  "b" bit(8),
  "vb" varbit(8),
  "n" tsvector,
  "r" int4range
);
