CREATE DOMAIN "positive" AS integer DEFAULT 1 NOT NULL CONSTRAINT "above_zero" CHECK (VALUE > 0) CONSTRAINT "below_thousand" CHECK (VALUE < 1000);
COMMENT ON DOMAIN "positive" IS 'Counts';
GRANT USAGE ON DOMAIN "positive" TO "app";
