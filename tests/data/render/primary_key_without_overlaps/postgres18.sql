CREATE TABLE "rooms" (
  "house" int4range NOT NULL,
  "during" daterange NOT NULL,
  CONSTRAINT "rooms_pkey" PRIMARY KEY ("house", "during" WITHOUT OVERLAPS)
);
