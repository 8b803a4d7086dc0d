CREATE TABLE "rooms" (
  "house" int4range NOT NULL,
  "during" daterange NOT NULL,
  CONSTRAINT "rooms_once" UNIQUE ("house", "during" WITHOUT OVERLAPS)
);
