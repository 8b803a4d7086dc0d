CREATE TABLE "seats" (
  "row" integer NOT NULL,
  "place" integer NOT NULL,
  "guest" text,
  CONSTRAINT "seated" PRIMARY KEY ("row", "place") INCLUDE ("guest") DEFERRABLE INITIALLY DEFERRED
);
