CREATE TABLE "seats" (
  "hall" integer NOT NULL,
  "place" integer NOT NULL,
  CONSTRAINT "seats_pkey" PRIMARY KEY ("hall", "place"),
  CONSTRAINT "seats_place" UNIQUE ("place"),
  CONSTRAINT "seats_apart" EXCLUDE USING "btree" ("place" WITH =)
);
ALTER TABLE "seats" ADD CONSTRAINT "seats_once" UNIQUE ("hall", "place");
ALTER TABLE "seats" ADD CONSTRAINT "seats_place_too" UNIQUE ("place");
ALTER TABLE "seats" ADD CONSTRAINT "seats_apart_too" EXCLUDE USING "btree" ("place" WITH =);
