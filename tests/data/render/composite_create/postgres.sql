CREATE TYPE "address" AS ("street" character varying(200), "zip" text COLLATE "C");
COMMENT ON TYPE "address" IS 'Where';
REVOKE USAGE ON TYPE "address" FROM PUBLIC;
GRANT USAGE ON TYPE "address" TO "app";
