ALTER DOMAIN "positive" ADD CONSTRAINT "below_thousand" CHECK (VALUE < 1000);
