CREATE TABLE "people" (
  "id" bigint NOT NULL,
  "country" text NOT NULL,
  CONSTRAINT "people_pkey" PRIMARY KEY ("id", "country")
) PARTITION BY LIST ("country");
CREATE TABLE "people_dach" PARTITION OF "people" FOR VALUES IN ('de', 'at', 'it''s ch');
CREATE TABLE "people_rest" PARTITION OF "people" DEFAULT;
