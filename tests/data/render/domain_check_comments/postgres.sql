ALTER DOMAIN "positive" RENAME CONSTRAINT "above" TO "over";
COMMENT ON CONSTRAINT "over" ON DOMAIN "positive" IS 'as many as there are';
ALTER DOMAIN "positive" DROP CONSTRAINT "odd";
ALTER DOMAIN "positive" ADD CONSTRAINT "small" CHECK (VALUE < 1000) NOT VALID;
COMMENT ON CONSTRAINT "small" ON DOMAIN "positive" IS 'for now';
COMMENT ON CONSTRAINT "small" ON DOMAIN "positive" IS NULL;
