CREATE TYPE "address" AS ("street" character varying(200), "zip" text COLLATE "C");
CREATE TABLE "shop" (
  "id" bigint NOT NULL,
  "at" address,
  CONSTRAINT "shop_pkey" PRIMARY KEY ("id")
);
