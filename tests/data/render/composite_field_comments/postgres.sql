ALTER TYPE "address" DROP ATTRIBUTE "city";
ALTER TYPE "address" ADD ATTRIBUTE "country" character(2);
COMMENT ON COLUMN "address"."country" IS 'it''s ISO 3166';
COMMENT ON COLUMN "address"."zip" IS 'without the country';
ALTER TYPE "address" RENAME ATTRIBUTE "street" TO "road";
COMMENT ON COLUMN "address"."road" IS NULL;
