ALTER TABLE "events" ADD CONSTRAINT "short" CHECK (length(what) < 100);
