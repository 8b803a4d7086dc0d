CREATE DOMAIN "small_positive" AS positive CONSTRAINT "small" CHECK (VALUE < 10);
